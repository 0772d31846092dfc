"""Core ML models: custom layers and models, which need code of the app's own, and links to other files.

Source: apple/coremltools, mlmodel/format/Model.proto, NeuralNetwork.proto, CustomModel.proto,
LinkedModel.proto.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from registry.checks import Issue
from registry.parsers import Malformed, metadata
from registry.parsers.protobuf import LENGTH, VARINT, Message, message

VERSION, DESCRIPTION = 1, 2
PIPELINES = {200, 201, 202}
NETWORKS = {303, 403, 500}
CUSTOM_MODEL, LINKED_MODEL, CUSTOM_LAYER = 555, 556, 500
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
    if OUTSIDE.search(file.read(1 << 20)):
        said = "It reads its weights from a path that leaves its folder"
        yield Issue("critical", f"{said}: do not load it, ask who made it.", "weights_elsewhere")


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
        elif part.wire == LENGTH and part.number in PIPELINES:
            yield from pipeline(part.message(), depth)
        elif part.wire == LENGTH and part.number == DESCRIPTION:
            yield from description(part.message())


def network(inside: Message) -> Iterator[Issue]:
    for layer in inside.all(1):
        if layer.wire == LENGTH and any(layer.message().all(CUSTOM_LAYER)):
            yield Issue(
                "high", f"It has a custom layer, which runs code of the app's own: {CURE}", "custom_layer"
            )
            return


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
