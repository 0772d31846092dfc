"""TFLite: the operators of a flat buffer, and whether its offsets stay inside of it.

Source: tensorflow/compiler/mlir/lite/schema/schema.fbs (tables and field order), flatbuffers.dev/internals.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import pairwise
from math import prod
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
    TransformLandmarks TransformTensorBilinear Resampler
    edgetpu-custom-op aeq.group_norm aeq.hadamard_rotation odml.rms_norm
    Table NumericVerify ethos-u Roll Gather SplitToSequence NGrams WhitespaceTokenizer
    SentencepieceTokenizer SentencepieceDetokenizer RaggedTensorToTensor
    TFText>WhitespaceTokenizeWithOffsetsV2 TFText>FastWordpieceTokenizeWithOffsets
    TFText>FastBertNormalize
    """
)
OUTSIDE = Malformed("has an offset that leaves it.")
LAST_OPERATOR, CUSTOM = 255, 32  # there are some 210
GRAPHS_IN = {118: 2, 119: 2, 129: 1}  # If, While, CallOnce: how many graphs their options name
# Bits of one item, by the type of a tensor; texts, resources and variants have none.
BITS = {
    **dict.fromkeys((3, 6, 9), 8),
    **dict.fromkeys((1, 7, 16), 16),
    **dict.fromkeys((0, 2, 15), 32),
    **dict.fromkeys((4, 8, 10, 12), 64),
    11: 128,
    17: 4,
}
LAST_TYPE = 63  # there are some 20


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

    def vector(self, table: int, position: int, most: int = MOST_ITEMS) -> tuple[int, int]:
        """Where a vector's items begin, and how many there are."""
        place = self.field(table, position)
        if not place:
            return 0, 0
        begin = place + self.number(place)
        count = self.number(begin)
        if count > most or begin + 4 + count > self.size:
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
    """Touch every graph, tensor, operator and buffer, so that nothing leads out of the file or of a list."""
    spans = [span_of_buffer(buffer, held) for held in buffer.tables(model, 4)]
    if overlap(spans):
        raise Malformed("has buffers that share bytes, of which one may write into another.")
    sizes = [size for _, size in spans]
    codes = [code_of(buffer, held) for held in buffer.tables(model, 1)]
    graphs = buffer.vector(model, 2)[1]
    tensors = [graph(buffer, held, sizes, codes, graphs) for held in buffer.tables(model, 2)]
    for held in buffer.tables(model, 6):  # metadata
        below(buffer, held, 1, max(len(sizes), 1), "has a description without its bytes.")
    for held in buffer.tables(model, 7):  # signatures
        below(buffer, held, 4, graphs, "has a signature of a graph that does not exist.")
        place = buffer.field(held, 4)
        most = tensors[buffer.number(place) if place else 0] if tensors else 0
        for position in (0, 1):
            for named in buffer.tables(held, position):
                below(buffer, named, 1, most, "has a signature of a tensor that does not exist.")


def below(buffer: Buffer, table: int, position: int, most: int, said: str) -> None:
    """A field that names one of a list; zero when it is not there."""
    place = buffer.field(table, position)
    if (buffer.number(place) if place else 0) >= most:
        raise Malformed(said)


def span_of_buffer(buffer: Buffer, held: int) -> tuple[int, int]:
    """Where its bytes begin, and how many: in the table, or behind all of a large model."""
    begin, count = buffer.vector(held, 0, most=buffer.size)
    offset, size = (
        buffer.number(place, "<Q") if (place := buffer.field(held, position)) else 0 for position in (1, 2)
    )
    if offset > 1 and offset + size > buffer.size:
        raise OUTSIDE
    return (begin, count) if count or offset <= 1 else (offset, size)


def overlap(spans: list[tuple[int, int]]) -> bool:
    taken = sorted(span for span in spans if span[1])
    return any(begin + size > after for (begin, size), (after, _) in pairwise(taken))


def code_of(buffer: Buffer, held: int) -> int:
    """The number of an operator: the old one is a byte, the new one holds more."""
    old, new = buffer.field(held, 0), buffer.field(held, 3)
    number = max(buffer.number(old, "<b") if old else 0, code := buffer.number(new, "<i") if new else 0)
    if not 0 <= number <= LAST_OPERATOR or code < 0:
        raise Malformed("has an operator that does not exist.")
    if number == CUSTOM and not buffer.text(held, 1):
        raise Malformed("has an operator without a name.")
    return number


def graph(buffer: Buffer, graph: int, sizes: list[int], codes: list[int], graphs: int) -> int:
    """How many tensors it has, each of which is in order."""
    tensors = 0
    for held in buffer.tables(graph, 0):
        tensors += 1
        tensor(buffer, held, sizes)
    indices(buffer, graph, tensors)
    for held in buffer.tables(graph, 3):
        below(buffer, held, 0, len(codes), "has an operator that is not listed.")
        indices(buffer, held, tensors)
        place = buffer.field(held, 0)
        options = buffer.field(held, 4)
        for position in range(GRAPHS_IN.get(codes[buffer.number(place) if place else 0], 0)):
            if options:
                table = options + buffer.number(options)
                below(buffer, table, position, graphs, "has an operator of a graph that does not exist.")
    return tensors


def tensor(buffer: Buffer, held: int, sizes: list[int]) -> None:
    """Of a known type, no side below zero, and with as many bytes as that makes, as its interpreter asks."""
    below(buffer, held, 2, max(len(sizes), 1), "has a tensor without its bytes.")
    kind, place = (buffer.field(held, position) for position in (1, 2))
    number = buffer.number(kind, "<b") if kind else 0
    if not 0 <= number <= LAST_TYPE:
        raise Malformed("has a tensor of a type that does not exist.")
    begin, count = buffer.vector(held, 0)
    sides = struct.unpack(f"<{count}i", buffer.get(begin, 4 * count)) if count else ()
    if any(side < -1 for side in sides):
        raise Malformed("has a tensor with a side below zero.")
    size = sizes[buffer.number(place)] if place and sizes else 0
    known = number in BITS and not buffer.field(held, 6) and -1 not in sides  # 6: what is sparse
    if size and known and size != (prod(sides) * BITS[number] + 7) // 8:
        raise Malformed("has a tensor with more or fewer bytes than its sides make.")


def indices(buffer: Buffer, table: int, tensors: int) -> None:
    """Inputs and outputs of a graph or an operator are tensors of the graph."""
    for position in (1, 2):
        begin, count = buffer.vector(table, position)
        packed = buffer.get(begin, 4 * count) if count else b""
        if any(number >= tensors and number != ABSENT for (number,) in struct.iter_unpack("<I", packed)):
            raise Malformed("has an operator that takes or gives a tensor which does not exist.")
