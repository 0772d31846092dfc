"""Core ML models: custom layers and models, which need code of the app's own, and links to other files.

Source: apple/coremltools, mlmodel/format/Model.proto, NeuralNetwork.proto, CustomModel.proto,
LinkedModel.proto, MIL.proto (programs, and the files that their constants lie in).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from registry.checks import Issue
from registry.parsers import Malformed, metadata, paths
from registry.parsers.protobuf import LENGTH, VARINT, Field, Message, message

VERSION, DESCRIPTION = 1, 2
PIPELINES = {200, 201, 202}
NETWORKS = {303, 403, 500}
CUSTOM_MODEL, LINKED_MODEL, CUSTOM_LAYER, PROGRAM = 555, 556, 500, 502
INNER = {605: (1, 2), 615: (3, 4)}  # the networks in a branch and in a loop
BESIDE = "@model_path/"
BLOB = re.compile(r"BLOBFILE\s*\(\s*path\s*=\s*\w*\s*\(?\s*\"([^\"]*)\"")
CUSTOM = re.compile(r"\bcustom_layer\s*\(")
HIGHEST = 4000
DEEPEST = 8
OUTSIDE = re.compile(rb"@model_path/[^\x00-\x1f\"]*\.\./")
CURE = "convert the model without it."


def read(file: Any, size: int) -> Iterator[Issue]:
    told: dict[str, Issue] = {}
    for issue in model(message(file, size), 0):
        told.setdefault(issue.name, issue)
    yield from told.values()
    file.seek(0)
    if "weights_elsewhere" not in told and OUTSIDE.search(file.read(1 << 20)):
        yield elsewhere()


def model(inside: Message, depth: int) -> Iterator[Issue]:
    if depth > DEEPEST:
        raise Malformed("has models that are nested too deeply.")
    first = True
    for part in inside.fields():
        if part.number > HIGHEST or (first and (part.number, part.wire) != (VERSION, VARINT)):
            raise Malformed("is no Core ML model that can be read.")
        first = False
        if part.number == CUSTOM_MODEL:
            yield Issue(
                "high", f"It is a custom model, which runs code of the app's own: {CURE}", "custom_model"
            )
        elif part.number == LINKED_MODEL:
            yield Issue("high", f"It is a link to another model: {CURE}", "linked_model")
        elif part.wire == LENGTH and part.number in NETWORKS:
            yield from network(part.message())
        elif part.wire == LENGTH and part.number == PROGRAM:
            yield from program(part.message())
        elif part.wire == LENGTH and part.number in PIPELINES:
            yield from pipeline(part.message(), depth)
        elif part.wire == LENGTH and part.number == DESCRIPTION:
            yield from description(part.message())


def network(inside: Message, depth: int = 0) -> Iterator[Issue]:
    """Its layers, and those of the networks in branches and loops."""
    if depth > DEEPEST:
        raise Malformed("has networks that are nested too deeply.")
    for layer in inside.all(1):
        for part in layer.message().fields() if layer.wire == LENGTH else ():
            if part.number == CUSTOM_LAYER:
                yield custom_layer()
            elif part.number in INNER and part.wire == LENGTH:
                for held in part.message().all(*INNER[part.number]):
                    yield from network(held.message(), depth + 1)


def custom_layer() -> Issue:
    return Issue("high", f"It has a custom layer, which runs code of the app's own: {CURE}", "custom_layer")


def elsewhere() -> Issue:
    said = "It reads its weights from a path that leaves its folder"
    return Issue("critical", f"{said}: do not load it, ask who made it.", "weights_elsewhere")


def program(inside: Message) -> Iterator[Issue]:
    """Functions by name, each of blocks by name; entries of a table are key and value."""
    for functions in inside.all(2):
        for function in functions.message().all(2):
            for blocks in function.message().all(3):
                for block in blocks.message().all(2):
                    yield from operations(block.message(), 0)


def operations(block: Message, depth: int) -> Iterator[Issue]:
    if depth > 4 * DEEPEST:
        raise Malformed("has blocks that are nested too deeply.")
    for operation in block.all(3):
        for part in operation.message().fields():
            if part.number == 1 and part.text(100) == "custom_layer":
                yield custom_layer()
            elif part.number == 2:
                yield from in_values(
                    bound
                    for entry in part.message().all(2)
                    for held in entry.message().all(1)
                    for bound in held.message().all(2)
                )
            elif part.number == 4:
                yield from operations(part.message(), depth + 1)
            elif part.number == 5:
                yield from in_values(part.message().all(2))


def in_values(values: Iterator[Field]) -> Iterator[Issue]:
    """A value lies in the model itself, or in a file beside it."""
    for value in values:
        for blob in value.message().all(5):
            if any(leaves(name.text(4096)) for name in blob.message().all(1)):
                yield elsewhere()


def leaves(path: str) -> bool:
    inside = path.removeprefix(BESIDE)
    return inside == path or paths.leaves(inside)


def in_text(text: str) -> Iterator[Issue]:
    """A compiled program, which is written out."""
    if any(leaves(path) for path in BLOB.findall(text)):
        yield elsewhere()
    if CUSTOM.search(text):
        yield custom_layer()


def pipeline(inside: Message, depth: int) -> Iterator[Issue]:
    """Either the models themselves, or a pipeline within."""
    for part in inside.all(1):
        if part.wire == LENGTH:
            fields = part.message()
            opening = next(fields.fields(), None)
            if opening is not None and (opening.number, opening.wire) == (VERSION, VARINT):
                yield from model(fields, depth + 1)
            elif depth < DEEPEST:
                yield from pipeline(fields, depth + 1)


def description(inside: Message) -> Iterator[Issue]:
    """What its author says of it: metadata, with a table of the author's own."""
    texts: dict[str, str] = {}
    for about in inside.all(100):
        for entry in about.message().all(1, 2, 3, 4, 100):
            texts[str(entry.start)] = entry.text(1 << 16)
    yield from metadata.judge(texts, "")
