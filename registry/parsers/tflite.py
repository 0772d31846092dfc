"""TFLite: the operators of a flat buffer, and whether its offsets stay inside of it.

Source: tensorflow/compiler/mlir/lite/schema/schema.fbs (tables and field order), flatbuffers.dev/internals.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

from registry.checks import Issue
from registry.parsers import Malformed, operations, words
from registry.parsers.protobuf import Bytes

MAGIC, VERSION = b"TFL3", 3
MOST_ITEMS = 1_000_000
LONGEST_TEXT = 4096
FLEX = "Flex"  # before the name of an operation of TensorFlow's
ABSENT = 0xFFFFFFFF  # an input that is left out
# Operators that TensorFlow Lite itself, its support library or MediaPipe bring along.
KNOWN = words(
    """
    TFLite_Detection_PostProcess Convolution2DTransposeBias MaxPoolingWithArgmax2D MaxUnpooling2D Mfcc
    AudioSpectrogram RFFT2D MultinomialAdd Multinomial RandomStandardNormal RandomUniform HashtableLookup
    SignatureRunner TFSentencepieceTokenizeOp DENSIFY IRFFT2D Landmarks2TransformMatrix TransformTensor
    TransformLandmarks Resampler edgetpu-custom-op aeq.group_norm aeq.hadamard_rotation odml.rms_norm
    Table NumericVerify ethos-u Roll Gather SplitToSequence NGrams WhitespaceTokenizer
    SentencepieceTokenizer SentencepieceDetokenizer RaggedTensorToTensor
    TFText>WhitespaceTokenizeWithOffsetsV2 TFText>FastWordpieceTokenizeWithOffsets
    TFText>FastBertNormalize
    """
)
OUTSIDE = Malformed("has an offset that leaves it.")


class Buffer:
    """A flat buffer, read with every offset checked."""

    def __init__(self, file: Any, size: int) -> None:
        self._bytes, self.size, self._left = Bytes(file), size, 4 * MOST_ITEMS

    def get(self, place: int, size: int) -> bytes:
        self._left -= 1
        if place < 0 or place + size > self.size or self._left < 0:
            raise OUTSIDE
        data = self._bytes.get(place, size)
        if len(data) != size:
            raise OUTSIDE
        return data

    def number(self, place: int, form: str = "<I") -> int:
        return int(struct.unpack(form, self.get(place, struct.calcsize(form)))[0])

    def field(self, table: int, position: int) -> int:
        """Where a table's field is; zero when it is not there."""
        names = table - self.number(table, "<i")
        length = self.number(names, "<H")
        at = 4 + 2 * position
        if length < 4 or at + 2 > length:
            return 0
        offset = self.number(names + at, "<H")
        return table + offset if offset else 0

    def vector(self, table: int, position: int) -> tuple[int, int]:
        """Where a vector's items begin, and how many there are."""
        place = self.field(table, position)
        if not place:
            return 0, 0
        begin = place + self.number(place)
        count = self.number(begin)
        if count > MOST_ITEMS or begin + 4 + count > self.size:
            raise OUTSIDE
        return begin + 4, count

    def tables(self, table: int, position: int) -> Iterator[int]:
        begin, count = self.vector(table, position)
        for place in range(begin, begin + 4 * count, 4):
            yield place + self.number(place)

    def text(self, table: int, position: int) -> str:
        begin, count = self.vector(table, position)
        return self.get(begin, min(count, LONGEST_TEXT)).decode("utf-8", "replace") if count else ""


def read(file: Any, size: int) -> Iterator[Issue]:
    buffer = Buffer(file, size)
    if buffer.get(4, 4) != MAGIC:
        raise Malformed("does not begin as TFLite does.")
    model = buffer.number(0)
    version = buffer.field(model, 0)
    if not version or buffer.number(version) != VERSION:
        raise Malformed("is of a version that does not exist.")
    names = {buffer.text(code, 1) for code in buffer.tables(model, 1)} - {""}
    walk(buffer, model)
    for name in sorted(names):
        yield from operator(name)


def operator(name: str) -> Iterator[Issue]:
    cure = "convert the model without it, or ask who made it."
    operation = name.removeprefix(FLEX)
    if name.startswith(FLEX) and (operation in operations.RUNS or operation == "SaveV2"):
        what = "runs Python code" if operation in operations.PYTHON else "works on files of its own choice"
        yield Issue("critical", f"Its operator {name} {what}: {cure}", f"operator:{name}")
    elif name.startswith(FLEX) and operation in operations.KNOWN:
        yield Issue("low", f"Its operator {name} needs TensorFlow beside TFLite.", f"operator:{name}")
    elif name not in KNOWN:
        said = f"Its operator {name} needs a library that is loaded for it"
        yield Issue("high", f"{said}: {cure}", f"operator:{name}")


def walk(buffer: Buffer, model: int) -> None:
    """Touch every graph, tensor, operator and buffer, so that no offset leaves the file."""
    buffers = 0
    for held in buffer.tables(model, 4):
        buffers += 1
        begin, count = buffer.vector(held, 0)
        if begin + count > buffer.size:
            raise OUTSIDE
    codes = sum(1 for _ in buffer.tables(model, 1))
    for graph in buffer.tables(model, 2):
        tensors = 0
        for tensor in buffer.tables(graph, 0):
            tensors += 1
            place = buffer.field(tensor, 2)
            if place and buffer.number(place) >= max(buffers, 1):
                raise Malformed("has a tensor without its bytes.")
        indices(buffer, graph, tensors)
        for operation in buffer.tables(graph, 3):
            place = buffer.field(operation, 0)
            if place and buffer.number(place) >= codes:
                raise Malformed("has an operator that is not listed.")
            indices(buffer, operation, tensors)


def indices(buffer: Buffer, table: int, tensors: int) -> None:
    """Inputs and outputs of a graph or an operator are tensors of the graph."""
    for position in (1, 2):
        begin, count = buffer.vector(table, position)
        packed = buffer.get(begin, 4 * count) if count else b""
        if any(number >= tensors and number != ABSENT for (number,) in struct.iter_unpack("<I", packed)):
            raise Malformed("has an operator that takes or gives a tensor which does not exist.")
