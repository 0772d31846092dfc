"""ONNX: which operators a graph uses, from which domains, and which other files it reads.

Source: onnx/onnx.proto (fields by number), onnx/external_data_helper.py, docs/ExternalData.md. Operators of
all versions up to ONNX 1.23, and those that ONNX Runtime and older exporters write: onnx_operators.txt. Those
of ONNX Runtime's own domain: onnx_contrib_operators.txt, from microsoft/onnxruntime, docs/ContribOperators.md
at 004b79eda305a216ab8d0e21eabe81d7713eb768, gradients from orttraining/training_ops/cuda,
and what its training and optimised graphs hold besides.
What is dangerous: CVE-2024-5187, CVE-2024-27318 (paths that leave the folder), CVE-2026-34445 (external data
whose keys set attributes), onnxruntime-extensions (operators that run Python or call services).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from registry.checks import Issue
from registry.parsers import Malformed, metadata, paths
from registry.parsers.protobuf import LENGTH, VARINT, Message, message

PRODUCER, MODEL_TEXT, GRAPH_TEXT = 2, 6, 10
GRAPH, OPSETS, METADATA, TRAINING, FUNCTIONS = 7, 8, 14, 20, 25
MODEL_FIELDS = frozenset({1, 2, 3, 4, 5, 6, GRAPH, OPSETS, METADATA, TRAINING, FUNCTIONS, 26})
DEEPEST = 32
LONGEST_SHAPE = 640  # bytes of all sides
LONGEST_TEXT = 1 << 20
EXTERNAL = 1
ABSENT = -1
# A place that ONNX Runtime takes for an address in memory. Source: onnxruntime, tensorprotoutils.h.
MEMORY = "_ORT_MEM_ADDR_"
KEYS = frozenset({"location", "offset", "length", "checksum", "basepath"})
DOMAINS = frozenset(
    {
        *("", "ai.onnx", "ai.onnx.ml", "ai.onnx.training", "ai.onnx.preview.training", "ai.onnx.preview"),
        *("com.microsoft", "com.microsoft.nchwc", "com.microsoft.experimental", "com.ms.internal.nhwc"),
        *("com.microsoft.dml", "ai.onnx.contrib", "com.microsoft.extensions", "org.pytorch.aten"),
    }
)
PROGRAMS = frozenset(
    {"pyop", "pyfunc", "pythonop", "pythonopgrad", "pyfuncstateless", "eagerpyfunc", "pycustomop"}
)
EXTENSIONS = frozenset({"ai.onnx.contrib", "com.microsoft.extensions"})
SERVICES = ("Azure", "OpenAI")
OPERATORS = frozenset(Path(__file__).with_name("onnx_operators.txt").read_text("utf-8").split())
CONTRIBUTED = frozenset(Path(__file__).with_name("onnx_contrib_operators.txt").read_text("utf-8").split())
RUNTIME = "com.microsoft"
OWN = frozenset({"", "ai.onnx"})
FILES = re.compile(
    r"(?:from_file|save|load|open)\b"
)  # among the operators of ATen, which is asked for by a text
MOST_IN_A_BYTE = 8  # of the smallest types, several to one number
LARGEST_PLACE = 1 << 50
# Bits of one item, by the type of a tensor. Source: onnx.proto, TensorProto.DataType.
BITS = {
    1: 32,
    2: 8,
    3: 8,
    4: 16,
    5: 16,
    6: 32,
    7: 64,
    9: 8,
    10: 16,
    11: 64,
    12: 32,
    13: 64,
    14: 64,
    15: 128,
    16: 16,
}
CURE = "export it again, or ask who made it."


@dataclass(slots=True)
class Found:
    """What one model holds; each name once."""

    issues: dict[str, Issue] = field(default_factory=dict)
    used: set[tuple[str, str]] = field(default_factory=set)  # domain and name of each operator
    functions: set[tuple[str, str]] = field(default_factory=set)
    texts: dict[str, str] = field(default_factory=dict)
    nodes: int = 0

    def tell(self, issue: Issue) -> None:
        self.issues.setdefault(issue.name, issue)


def read(file: Any, size: int) -> Iterator[Issue]:
    found = Found()
    graphs = 0
    for part in message(file, size).fields():
        if part.number not in MODEL_FIELDS:
            raise Malformed("has a field that does not exist.")
        if part.number == GRAPH:
            graphs += 1
            graph(part.message(), found, 0)
        elif part.number == FUNCTIONS:
            function(part.message(), found)
        elif part.number == TRAINING:
            for inner in part.message().all(1, 2):
                graph(inner.message(), found, 1)
        elif part.number == METADATA:
            found.texts.update([entry(part.message())])
        elif part.number in {PRODUCER, MODEL_TEXT} and part.wire == LENGTH:
            found.texts[f"field {part.number}"] = part.text(LONGEST_TEXT)
    if graphs != 1:
        raise Malformed(
            "has no graph." if not graphs else "has more than one graph, of which readers take one."
        )
    yield from found.issues.values()
    yield from metadata.judge(found.texts, "")
    yield from libraries(found.used - found.functions)


def libraries(used: set[tuple[str, str]]) -> Iterator[Issue]:
    """Operators that neither ONNX nor the model itself defines."""
    for domain in sorted({domain for domain, _ in used} - DOMAINS):
        said = f"Its operators from {domain} need a library that is loaded for them"
        yield Issue("high", f"{said}: {CURE}", f"domain:{domain}")
    others = {kind for domain, kind in used if domain in OWN} - OPERATORS
    others |= {kind for domain, kind in used if domain == RUNTIME and not of_runtime(kind)}
    for kind in sorted(others):
        said = f"Its operator {kind[:100]} is none of ONNX, and needs a library that is loaded for it"
        yield Issue("high", f"{said}: {CURE}", f"operator:{kind[:150]}")


def of_runtime(kind: str) -> bool:
    """Those that run Python are told elsewhere."""
    return kind in CONTRIBUTED or kind in OPERATORS or kind.lower() in PROGRAMS


def graph(inside: Message, found: Found, depth: int) -> None:
    """GraphProto. Graphs in attributes of nodes may hold nodes again."""
    if depth > DEEPEST:
        raise Malformed("has graphs that are nested too deeply.")
    for part in inside.fields():
        if part.number == 1:
            node(part.message(), found, depth)
        elif part.number == 5:
            tensor(part.message(), found)
        elif part.number == 15:
            sparse(part.message(), found)
        elif part.number == GRAPH_TEXT and part.wire == LENGTH:
            found.texts.setdefault("doc_string", part.text(LONGEST_TEXT))


def node(inside: Message, found: Found, depth: int) -> None:
    kind = domain = ""
    attributes = []
    for part in inside.fields():
        if part.number == 4:
            kind = part.text(1000)
        elif part.number == 7:
            domain = part.text(1000)
        elif part.number == 5:
            attributes.append(part.message())
    found.nodes += 1
    found.used.add((domain, kind))
    operator(kind, domain, found)
    for inner in attributes:
        attribute(inner, kind, found, depth)


def operator(kind: str, domain: str, found: Found) -> None:
    if kind.lower() in PROGRAMS or "python" in domain.lower():
        said = f"Its operator {kind} runs Python code, of which nothing is in the file"
        found.tell(Issue("critical", f"{said}: {CURE}", f"operator:{kind}"))
    elif domain in EXTENSIONS and kind.startswith(SERVICES):
        said = f"Its operator {kind} sends what the model is given to a service elsewhere"
        found.tell(Issue("high", f"{said}: {CURE}", f"operator:{kind}"))


def attribute(inside: Message, kind: str, found: Found, depth: int) -> None:
    name, text = "", ""
    for part in inside.fields():
        match part.number:
            case 1:
                name = part.text(1000)
            case 4 if part.wire == LENGTH:
                text = part.text(4096)
            case 5 | 10 if part.wire == LENGTH:
                tensor(part.message(), found)
            case 6 | 11 if part.wire == LENGTH:
                graph(part.message(), found, depth + 1)
            case 22 | 23 if part.wire == LENGTH:
                sparse(part.message(), found)
    if kind == "ATen" and name == "operator" and FILES.search(text):
        found.tell(Issue("high", f"Its operator ATen works on files ({text[:60]}): {CURE}", "operator:ATen"))
    if kind == "EPContext" and name == "ep_cache_context" and len(text) < 4096 and paths.leaves(text):
        said = "It reads a compiled model from a path that leaves its folder"
        found.tell(Issue("critical", f"{said}: {CURE}", "context_path"))


def function(inside: Message, found: Found) -> None:
    """FunctionProto: an operator that the model defines itself, which needs no library."""
    name = domain = ""
    for part in inside.fields():
        if part.number == 1:
            name = part.text(1000)
        elif part.number == 10:
            domain = part.text(1000)
        elif part.number == 7:
            node(part.message(), found, 1)
        elif part.number == 11:
            attribute(part.message(), "", found, 1)
    found.functions.add((domain, name))


def sparse(inside: Message, found: Found) -> None:
    for part in inside.all(1, 2):
        tensor(part.message(), found)


def tensor(inside: Message, found: Found) -> None:
    """TensorProto: where its numbers are, and whether there are as many as its shape says."""
    sides: list[int] = []
    outside: list[tuple[str, str]] = []
    kind, raw, listed, location = 0, ABSENT, 0, False
    for part in inside.fields():
        match part.number:
            case 1:
                sides += part.numbers() if part.size <= LONGEST_SHAPE else [-1]
            case 2 if part.wire == VARINT:
                kind = part.value
            case 4 | 5 | 6 | 7 | 10 | 11:
                listed += part.size
            case 9:
                raw = part.size
            case 13 if part.wire == LENGTH:
                outside.append(entry(part.message()))
            case 14 if part.wire == VARINT:
                location = part.value == EXTERNAL
    external(outside, found)
    if any(side < 0 for side in sides):
        raise Malformed("has a tensor whose shape is negative.")
    if not outside:
        agree(product(sides), kind, raw, 1 << 70 if location else listed)


def agree(items: int, kind: int, raw: int, listed: int) -> None:
    """As many numbers as the shape says: as raw bytes, or listed by their type."""
    if raw == ABSENT and items > MOST_IN_A_BYTE * listed:
        raise Malformed("has a tensor with fewer numbers than its shape says.")
    if raw != ABSENT and kind in BITS and raw * 8 != items * BITS[kind]:
        raise Malformed("has a tensor whose shape and bytes do not agree.")


def product(sides: list[int]) -> int:
    total = 1
    for side in sides[:64]:
        total = min(total * side, 1 << 70)
    return total


def entry(inside: Message) -> tuple[str, str]:
    values = {part.number: part.text(LONGEST_TEXT) for part in inside.all(1, 2)}
    return values.get(1, ""), values.get(2, "")


def external(entries: list[tuple[str, str]], found: Found) -> None:
    """Each key is one that exists, and the place a file beside the model."""
    for key, value in entries:
        if key in {"location", "basepath"}:
            if MEMORY in value:
                said = "It reads numbers from the memory of the program that loads it"
                found.tell(Issue("critical", f"{said}: {CURE}", "external_memory"))
            elif paths.leaves(value) or not value.strip():
                said = "It reads numbers from a path that leaves its folder"
                found.tell(Issue("critical", f"{said}: {CURE}", "external_path"))
        elif key not in KEYS:
            said = "It gives a tensor in another file a property that does not exist"
            found.tell(Issue("high", f"{said}: {CURE}", "external_key"))
        elif key in {"offset", "length"} and not (value.isdecimal() and int(value[:30]) <= LARGEST_PLACE):
            said = "It gives a tensor in another file a place that cannot be"
            found.tell(Issue("high", f"{said}: {CURE}", "external_place"))
