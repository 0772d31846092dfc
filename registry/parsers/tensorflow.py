"""TensorFlow graphs: which operations a SavedModel or a frozen graph would run, and on which files.

A graph is a program. Operations that run Python, or read and write files of their own choice, have no place
in a model. Sources: tensorflow/SECURITY.md ("Models are programs"), the messages in tensorflow/core/protobuf
(saved_model.proto, meta_graph.proto, saved_object_graph.proto) and tensorflow/core/framework (graph.proto).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from registry.checks import Issue, Severity
from registry.parsers import Malformed, keras, operations, paths
from registry.parsers.protobuf import LENGTH, Field, Message, message

SAVERS = frozenset({"Save", "SaveSlices", "SaveV2", "MergeV2Checkpoints", "ShardedFilename"})
RESTORERS = frozenset({"Restore", "RestoreSlice", "RestoreV2"})
PASSES = frozenset({"Identity", "StringJoin", "ShardedFilename", "Pack", "Reshape", "Select", "SelectV2"})
STRINGS = 7  # DT_STRING
LENGTHS = bytes(range(32))
CURE = "ask who made it, and export the model without it."


@dataclass(slots=True)
class Node:
    name: str
    operation: str
    inputs: list[str]
    constant: bytes | None = None
    file_output: bool = False


@dataclass(slots=True)
class Found:
    """What was found; each name once. `nodes` counts what can be an operation."""

    issues: dict[str, Issue] = field(default_factory=dict)
    nodes: int = 0

    def tell(self, severity: Severity, said: str, name: str, place: str = "") -> None:
        self.issues.setdefault(name, Issue(severity, f"{said}: {CURE}", name, place))


def read(file: Any, size: int) -> Iterator[Issue]:
    """A SavedModel, a MetaGraph or a GraphDef, whichever the bytes are; `Malformed` when they are none."""
    for shape in (saved_model, meta_graph, graph_def):
        found = Found()
        try:
            shape(message(file, size), found)
        except Malformed:
            if found.issues:
                yield from found.issues.values()
                raise
            continue
        if found.nodes:
            yield from found.issues.values()
            return
    raise Malformed("holds no graph that can be read.")


def saved_model(inside: Message, found: Found) -> None:
    for part in inside.fields():
        if part.number == 2:
            meta_graph(part.message(), found)
        elif part.number != 1 or part.wire == LENGTH:
            raise Malformed("is no SavedModel.")


def meta_graph(inside: Message, found: Found) -> None:
    """MetaGraphDef: the graph, the files that belong to it, and the objects that Keras makes of it."""
    for part in inside.fields():
        match part.number:
            case 2:
                graph_def(part.message(), found)
            case 6:
                asset(part.message(), found)
            case 7:
                objects(part.message(), found)
            case 1 | 3 | 4 | 5:
                if part.wire != LENGTH:
                    raise Malformed("is no MetaGraph.")
            case _:
                raise Malformed("is no MetaGraph.")


def graph_def(inside: Message, found: Found) -> None:
    nodes: list[Node] = []
    bodies: list[list[Node]] = []
    functions: set[str] = set()
    for part in inside.fields():
        if part.number == 1:
            nodes.append(node(part, found))
        elif part.number == 2:
            for function in part.message().all(1):
                bodies.append([node(held, found) for held in function.message().all(3)])
                functions.update(signature(function.message()))
        elif part.number not in {3, 4, 5}:
            raise Malformed("is no graph.")
    for body in [nodes, *bodies]:
        judge(body, found, frozenset(functions))


def signature(function: Message) -> Iterator[str]:
    """FunctionDef: the name by which its graph calls it, as if it were an operation."""
    for part in function.all(1):
        for name in part.message().all(1):
            yield name.text(1000)


def node(part: Field, found: Found) -> Node:
    read = Node("", "", [])
    for inner in part.message().fields():
        match inner.number:
            case 1:
                read.name = inner.text(1000)
            case 2:
                read.operation = inner.text(1000)
            case 3:
                read.inputs.append(inner.text(1000))
            case 5:
                attribute(inner.message(), read)
    if read.operation and not read.operation.isprintable():
        raise Malformed("is no graph.")
    found.nodes += bool(read.operation)
    return read


def attribute(inside: Message, node: Node) -> None:
    """The value of a constant, and where a print would go."""
    name = ""
    for part in inside.fields():
        if part.number == 1:
            name = part.text(200)
        elif part.number == 2 and name == "value" and node.operation == "Const":
            for tensor in part.message().all(8):
                node.constant = strings(tensor.message())
        elif part.number == 2 and name == "output_stream":
            node.file_output = any(b"file://" in value.bytes(4096) for value in part.message().all(2))


def strings(inside: Message) -> bytes | None:
    """What a constant tensor of texts holds, one after the other; packed ones have their lengths in front."""
    of_texts, held = False, []
    for part in inside.fields():
        if part.number == 1:
            of_texts = part.value == STRINGS
        elif part.number == 8 and part.wire == LENGTH:
            held.append(part.bytes(4096))
        elif part.number == 4 and part.wire == LENGTH and of_texts:
            held.append(part.bytes(4096).lstrip(LENGTHS))
    return b"\n".join(held[:64]) if held else None


def judge(nodes: list[Node], found: Found, functions: frozenset[str] = frozenset()) -> None:
    by_name = {node.name: node for node in nodes}
    for node in nodes:
        operation = node.operation
        if operation in operations.PYTHON:
            found.tell("critical", f"Its graph runs Python code ({operation})", operation, node.name)
        elif operation in operations.WRITES or node.file_output:
            found.tell("critical", f"Its graph writes files or settings ({operation})", operation, node.name)
        elif operation in operations.READS:
            found.tell("high", f"Its graph reads files of its own choice ({operation})", operation, node.name)
        elif operation and operation not in operations.KNOWN and operation not in functions:
            said = f"Its graph needs a library of its author's for {operation[:100]}"
            found.tell("high", said, f"operation:{operation[:150]}", node.name)
        elif operation in SAVERS | RESTORERS and outside(node, by_name):
            found.tell(
                "critical", f"Its graph works on a file at a fixed path ({operation})", operation, node.name
            )


def of_operations(names: Iterable[str]) -> Iterator[Issue]:
    """The same of operations that are only named."""
    found = Found()
    judge([Node(name, name, []) for name in names], found)
    yield from found.issues.values()


def outside(node: Node, by_name: dict[str, Node]) -> bool:
    """Whether the path comes from a constant that leads elsewhere; an honest one comes from the caller."""
    waiting, seen = node.inputs[:1], set[str]()
    while waiting and len(seen) < 1000:
        name = waiting.pop().lstrip("^").partition(":")[0]
        if name in seen or name not in by_name:
            continue
        seen.add(name)
        source = by_name[name]
        if source.constant is not None and paths.leaves(source.constant.decode("utf-8", "replace")):
            return True
        if source.operation in PASSES:
            waiting += source.inputs
    return False


def asset(inside: Message, found: Found) -> None:
    for part in inside.all(2):
        if paths.leaves(part.text(4096)):
            found.tell(
                "critical", "It names a file of its own by a path that leaves its folder", "asset_path"
            )


def objects(inside: Message, found: Found) -> None:
    """SavedObjectGraph: what older Keras writes beside each of its objects, as JSON."""
    for node in inside.all(1):
        for user in node.message().all(4):
            if user.wire == LENGTH:
                for part in user.message().all(3):
                    metadata(part, found)


def metadata(part: Field, found: Found) -> None:
    if part.wire != LENGTH or not part.bytes(1).startswith(b"{"):
        return
    try:
        config = json.loads(part.text())
    except (ValueError, RecursionError):
        return
    for issue in keras.judge(config, "metadata"):
        found.issues.setdefault(issue.name, issue)


def keras_metadata(file: Any, size: int) -> Iterator[Issue]:
    """`keras_metadata.pb`: SavedMetadata, whose nodes hold JSON in field 5."""
    found = Found()
    for node in message(file, size).all(1):
        for part in node.message().all(5):
            metadata(part, found)
    yield from found.issues.values()
