"""The metadata of a GGUF file, and its tensors as a table."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any, BinaryIO

from registry.parsers import Malformed
from registry.parsers.gguf import (
    ARRAY,
    LONGEST_KEY,
    LONGEST_NAME,
    LONGEST_TEXT,
    MAGIC,
    MOST_DIMENSIONS,
    MOST_KEYS,
    MOST_TENSORS,
    SIZES,
    STRING,
    WHOLE,
    Contents,
    Reader,
    array,
)
from registry.parsers.windows import exactly
from registry.previews import Part, Unfit, preview, values
from registry.previews.tensors import MOST_ROWS, tensors

MOST_SHOWN = 200
REAL = {6: "<f", 12: "<d"}
TYPES = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 6: "Q5_0", 7: "Q5_1", 8: "Q8_0", 9: "Q8_1", 10: "Q2_K",
    11: "Q3_K", 12: "Q4_K", 13: "Q5_K", 14: "Q6_K", 15: "Q8_K", 24: "I8", 25: "I16", 26: "I32", 27: "I64",
    28: "F64", 30: "BF16",
}  # fmt: skip


@preview("gguf")
def run(file: BinaryIO) -> Iterator[Part]:
    size = file.seek(0, 2)
    file.seek(0)
    try:
        reader, version = opened(file, size)
        count, keys = reader.number("<Q"), reader.number("<Q")
        if keys > MOST_KEYS or count > MOST_TENSORS:
            raise Malformed("says that it holds more keys or tensors than can be.")
        found = [(reader.text(LONGEST_KEY), value(reader)) for _ in range(keys)]
        rows = [info(reader) for _ in range(min(count, MOST_ROWS))]
    except (Malformed, struct.error) as error:
        raise Unfit(f"This file {error}") from error
    shown = [("GGUF", f"version {version}"), ("Tensors", f"{count:,}"), *found[:MOST_SHOWN]]
    yield values(shown)
    part = tensors(rows)
    part["said"] = f"The first {MOST_ROWS:,} of {count:,} tensors." if count > MOST_ROWS else ""
    yield part


def opened(file: BinaryIO, size: int) -> tuple[Reader, int]:
    if exactly(file, 4) != MAGIC:
        raise Malformed("does not begin with GGUF.")
    raw = exactly(file, 4)
    little = int.from_bytes(raw, "little") < 1 << 16
    return Reader(file, size, "<" if little else ">"), int.from_bytes(raw, "little" if little else "big")


def value(reader: Reader) -> str:
    kind = reader.number("<I")
    if kind == STRING:
        return reader.text(LONGEST_TEXT)[:2000]
    if kind == ARRAY:
        return listed(reader)
    if kind in REAL:
        return f"{real(reader, REAL[kind]):g}"
    if kind == 7:
        return "yes" if reader.number("<B") else "no"
    if kind not in WHOLE:
        raise Malformed("has a value of a type that does not exist.")
    return f"{reader.number(WHOLE[kind])}"


def listed(reader: Reader) -> str:
    """How many there are: a vocabulary is no preview."""
    place = reader.file.tell()
    reader.number("<I")
    count = reader.number("<Q")
    reader.file.seek(place)
    array(reader, "tokenizer.ggml.tokens", Contents(), 0)
    return f"a list of {count:,}"


def real(reader: Reader, form: str) -> float:
    packed = struct.Struct(form.replace("<", reader.order))
    return float(packed.unpack(exactly(reader.file, packed.size))[0])


def info(reader: Reader) -> tuple[str, str, str, int | str]:
    name, dimensions = reader.text(LONGEST_NAME), reader.number("<I")
    if dimensions > MOST_DIMENSIONS:
        raise Malformed("lists a tensor of too many dimensions.")
    shape: list[int] = [reader.number("<Q") for _ in range(dimensions)]
    kind, _ = reader.number("<I"), reader.number("<Q")
    numbers: Any = 1
    for length in shape:
        numbers *= length
    return name, TYPES.get(kind, f"type {kind}"), " x ".join(map(str, shape)) or "one", int(numbers)


assert set(REAL) <= set(SIZES)
