"""Models that are graphs of operations: ONNX, TensorFlow, TFLite, Core ML. None may run Python, need a
library of its author's, or work on files that it chooses itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from registry.checks import MIB, Issue, check
from registry.formats.names import TEXT
from registry.parsers import coreml, onnx, tensorflow, tflite
from registry.parsers.each_part import each_part
from registry.parsers.inside import Part, whole
from registry.parsers.telling import strict

LOADED = frozenset({"saved_model.pb", "frozen_inference_graph.pb", "graph.pb", "model.pb", "frozen_graph.pb"})
OPERATION = re.compile(r"""\bop\s*:\s*['"]([\w>\\]{1,200})['"]""")  # an escape hides a name
NODE = re.compile(rb"""\bnode\s*\{[^{}]{0,400}\bop\s*:\s*['"]\w""")
LARGEST_TEXT = 64 * MIB
NAMED = re.compile(rb"PyFunc|ReadFile|WriteFile|MatchingFiles|LoadLibrary")


@check("model", "dataset", "asset", since=date(2026, 11, 27), timeout=120, memory=512 * MIB)
@each_part
def run(part: Part) -> Iterator[Issue]:
    if part.base == "fingerprint.pb":  # hashes of a SavedModel, which look like anything
        return
    if part.format == "onnx" or part.extension == "onnx":
        yield from strict(part, "ONNX", in_onnx)
    elif part.format == "tflite" or part.extension == "tflite":
        yield from strict(part, "TFLite", in_tflite)
    elif part.extension == "mlmodel" and part.format not in TEXT:
        yield from strict(part, "Core ML", in_coreml)
    elif part.extension == "mil" and part.format in TEXT:
        yield from strict(part, "Core ML", in_mil)
    elif part.base == "keras_metadata.pb":
        yield from strict(part, "Keras metadata", in_keras_metadata)
    elif part.format in TEXT and (part.extension == "pbtxt" or NODE.search(part.ends.head)):
        yield from strict(part, "TensorFlow", in_text)
    elif is_tensorflow(part):
        yield from tensorflow_or_tensor(part)


def tensorflow_or_tensor(part: Part) -> Iterator[Issue]:
    """Other programs have messages too, and ONNX keeps samples of inputs so: what is none of TensorFlow's
    and names nothing that runs is only told."""
    for issue in strict(part, "TensorFlow", in_tensorflow):
        harmless = issue.name == "malformed" and part.base not in LOADED and not NAMED.search(part.ends.head)
        yield replace(issue, severity="medium") if harmless else issue


def is_tensorflow(part: Part) -> bool:
    """By its name, or because bytes that nothing else can be name an operation that no model needs."""
    if part.format in TEXT:
        return False
    if part.extension == "pb" or (part.extension == "meta" and part.format == "unknown"):
        return True
    return part.format in {"unknown", "protobuf"} and bool(NAMED.search(part.ends.head))


def in_onnx(part: Part) -> Iterator[Issue]:
    """Operators and paths, then the texts of its author."""
    return onnx.read(part.file, part.size)


def in_tflite(part: Part) -> Iterator[Issue]:
    return tflite.read(part.file, part.size)


def in_coreml(part: Part) -> Iterator[Issue]:
    return coreml.read(part.file, part.size)


def in_mil(part: Part) -> Iterator[Issue]:
    return coreml.in_text(whole(part, LARGEST_TEXT).decode("utf-8", "replace"))


def in_tensorflow(part: Part) -> Iterator[Issue]:
    return tensorflow.read(part.file, part.size)


def in_text(part: Part) -> Iterator[Issue]:
    """A graph as text says the same."""
    operations = OPERATION.findall(whole(part, LARGEST_TEXT).decode("utf-8", "replace"))
    yield from tensorflow.of_operations(dict.fromkeys(operations))


def in_keras_metadata(part: Part) -> Iterator[Issue]:
    return tensorflow.keras_metadata(part.file, part.size)
