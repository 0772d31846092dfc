"""GGUF: counts, typed keys, tensors, then their bytes at aligned places.

Source: github.com/ggml-org/ggml, docs/gguf.md, and the types of ggml/include/ggml.h. Everything is bounded
before it is believed: llama.cpp has been overflowed by counts, lengths and offsets of hostile files.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import prod
from typing import Any, Literal

from registry.parsers import Malformed
from registry.parsers.windows import exactly

MAGIC = b"GGUF"
MOST_KEYS, MOST_TENSORS, MOST_ITEMS = 1 << 16, 1 << 20, 4 << 20
LONGEST_KEY, LONGEST_NAME, LONGEST_TEXT = 65_535, 1024, 16 << 20
MOST_DIMENSIONS = 8
BLOCK = 1 << 20
STRING, ARRAY = 8, 9
SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
WHOLE = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 10: "<Q", 11: "<q"}
# Items in a block, and bytes of a block, by type. Source: ggml/src/ggml.c, `type_traits`.
BLOCKS = {
    0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34), 9: (32, 36),
    10: (256, 84), 11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210), 15: (256, 292),
    16: (256, 66), 17: (256, 74), 18: (256, 98), 19: (256, 50), 20: (32, 18), 21: (256, 110),
    22: (256, 82), 23: (256, 136), 24: (1, 1), 25: (1, 2), 26: (1, 4), 27: (1, 8), 28: (1, 8),
    29: (256, 56), 30: (1, 2), 34: (256, 54), 35: (256, 66), 39: (32, 17),
}  # fmt: skip
NEWEST_TYPE = 63  # a type that is newer than this list is measured by what follows it


@dataclass(slots=True)
class Contents:
    """The texts among the metadata by their keys, and how many tensors there are."""

    texts: dict[str, str] = field(default_factory=dict)
    tensors: int = 0


class Reader:
    """Numbers and texts one after the other, never beyond the end."""

    def __init__(self, file: Any, size: int, order: str) -> None:
        self.file, self.size, self.order = file, size, order

    def number(self, form: str) -> int:
        packed = struct.Struct(form.replace("<", self.order))
        return int(packed.unpack(exactly(self.file, packed.size))[0])

    def text(self, most: int) -> str:
        length = self.number("<Q")
        if length > most or length > self.size - self.file.tell():
            raise Malformed("has a text of a length that cannot be.")
        return exactly(self.file, length).decode("utf-8", "replace")

    def skip(self, size: int) -> None:
        if size > self.size - self.file.tell():
            raise Malformed("is cut short.")
        self.file.seek(size, 1)


def read(file: Any, size: int) -> Contents:
    file.seek(0)
    if exactly(file, 4) != MAGIC:
        raise Malformed("does not begin with GGUF.")
    raw = exactly(file, 4)
    order = "<" if int.from_bytes(raw, "little") < 1 << 16 else ">"
    version = int.from_bytes(raw, "little" if order == "<" else "big")
    if version not in {2, 3}:
        raise Malformed("is of a version that does not exist or is no longer read: convert it again.")
    reader = Reader(file, size, order)
    tensors, keys = reader.number("<Q"), reader.number("<Q")
    if tensors > MOST_TENSORS or keys > MOST_KEYS:
        raise Malformed("says that it holds more keys or tensors than can be.")
    found = Contents(tensors=tensors)
    alignment = metadata(reader, keys, found)
    check_places(list(tensor_infos(reader, tensors)), file.tell(), alignment, size)
    return found


def metadata(reader: Reader, keys: int, found: Contents) -> int:
    """Fill in the texts; the alignment that the file asks for."""
    alignment, seen = 32, set()
    for _ in range(keys):
        key = reader.text(LONGEST_KEY)
        if key in seen:
            raise Malformed("has the same key twice.")
        seen.add(key)
        kind = reader.number("<I")
        value = one(reader, kind, key, found)
        if key == "general.alignment":
            alignment = value if kind == 4 and isinstance(value, int) else 0
    if alignment < 1 or alignment > 1 << 20 or alignment & (alignment - 1):
        raise Malformed("asks for an alignment that is no power of two.")
    return alignment


def one(reader: Reader, kind: int, key: str, found: Contents) -> int | None:
    """Read or skip one value. Only texts are kept, and whole numbers given back."""
    if kind == STRING:
        found.texts[key] = reader.text(LONGEST_TEXT)
    elif kind == ARRAY:
        array(reader, key, found, 0)
    elif kind in WHOLE:
        return reader.number(WHOLE[kind])
    elif kind == 7:
        if reader.number("<B") > 1:
            raise Malformed("has a truth value that is neither true nor false.")
    elif kind in SIZES:
        reader.skip(SIZES[kind])
    else:
        raise Malformed("has a value of a type that does not exist.")
    return None


def array(reader: Reader, key: str, found: Contents, depth: int) -> None:
    kind, count = reader.number("<I"), reader.number("<Q")
    if depth > 3 or count > MOST_ITEMS:
        raise Malformed("has an array that is too large or too deep.")
    if kind == STRING:
        texts(reader, count, key, found)
    elif kind == ARRAY:
        for _ in range(count):
            array(reader, key, found, depth + 1)
    elif kind in SIZES:
        reader.skip(SIZES[kind] * count)
    else:
        raise Malformed("has an array of a type that does not exist.")


def texts(reader: Reader, count: int, key: str, found: Contents) -> None:
    """Words of a vocabulary are skipped, other texts kept; a token is no place for a template."""
    if count * 8 > reader.size - reader.file.tell():
        raise Malformed("is cut short.")
    kept = 64 if key.startswith("tokenizer.ggml.") else 0
    for position, raw in enumerate(many(reader, count)):
        if len(raw) > kept:
            found.texts[f"{key}[{position}]"] = raw.decode("utf-8", "replace")


def many(reader: Reader, count: int) -> Iterator[bytes]:
    """Texts one after the other, read by blocks: a vocabulary has hundreds of thousands."""
    data, at = b"", 0
    order: Literal["little", "big"] = "little" if reader.order == "<" else "big"
    for _ in range(count):
        if len(data) - at < 8:
            data, at = data[at:] + reader.file.read(BLOCK), 0
        length = int.from_bytes(data[at : at + 8], order)
        if length > LONGEST_TEXT or len(data) - at < 8:
            raise Malformed("has a text of a length that cannot be.")
        if len(data) - at < 8 + length:
            data, at = data[at:] + reader.file.read(max(BLOCK, length)), 0
        if len(data) - at < 8 + length:
            raise Malformed("is cut short.")
        yield data[at + 8 : at + 8 + length]
        at += 8 + length
    reader.file.seek(at - len(data), 1)


def tensor_infos(reader: Reader, tensors: int) -> Iterator[tuple[int, int | None]]:
    """Offset, and size in bytes where the type is one that is known."""
    names: set[str] = set()
    for _ in range(tensors):
        name = reader.text(LONGEST_NAME)
        if name in names:
            raise Malformed("lists the same tensor twice.")
        names.add(name)
        dimensions = reader.number("<I")
        if dimensions > MOST_DIMENSIONS:
            raise Malformed("lists a tensor of too many dimensions.")
        shape = [reader.number("<Q") for _ in range(dimensions)]
        kind, offset = reader.number("<I"), reader.number("<Q")
        yield offset, bytes_of(kind, shape)


def bytes_of(kind: int, shape: list[int]) -> int | None:
    items = prod(shape)
    if items >= 1 << 62:
        raise Malformed("lists a tensor of a size that cannot be.")
    if kind not in BLOCKS:
        if kind > NEWEST_TYPE:
            raise Malformed("lists a tensor of a type that does not exist.")
        return None
    block, size = BLOCKS[kind]
    if shape and shape[0] % block:
        raise Malformed("lists a tensor whose rows are no whole number of blocks.")
    return items // block * size


def check_places(infos: list[tuple[int, int | None]], end: int, alignment: int, size: int) -> None:
    """Tensors lie at aligned places, do not overlap, and end where the file does."""
    begin = -(-end // alignment) * alignment
    measured = all(length is not None for _, length in infos)
    last = 0
    for offset, length in sorted(infos, key=lambda info: info[0]):
        if offset % alignment:
            raise Malformed("has a tensor at a place that is not aligned.")
        if offset < last:
            raise Malformed("has tensors that overlap.")
        if offset - last >= alignment and measured:
            raise Malformed("has bytes between its tensors.")
        last = offset + (length or 0)
        if begin + last > size:
            raise Malformed("is cut short: a tensor ends behind its end.")
    if measured and size - begin - last >= max(alignment, 64):
        raise Malformed("has bytes behind its last tensor.")
