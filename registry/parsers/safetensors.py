"""safetensors: a length, a JSON header, then nothing but the tensors it lists, without gaps.

Source: github.com/huggingface/safetensors, "Format", and its validation in `safetensors/src/tensor.rs`.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import Any

from registry.parsers import Malformed
from registry.parsers.strict_json import Repeated, loads

LARGEST_HEADER = 100_000_000
BITS = {
    "BOOL": 8, "U8": 8, "I8": 8, "F8_E4M3": 8, "F8_E5M2": 8, "F8_E8M0": 8, "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8,
    "I16": 16, "U16": 16, "F16": 16, "BF16": 16, "I32": 32, "U32": 32, "F32": 32, "C64": 64, "F64": 64,
    "I64": 64, "U64": 64, "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6,
}  # fmt: skip
METADATA = "__metadata__"
MOST_DIMENSIONS = 64


def read(file: Any, size: int) -> dict[str, str]:
    """The metadata of a file that is what it says; `Malformed` for any other."""
    file.seek(0)
    length = int.from_bytes(file.read(8), "little")
    if not 2 <= length <= LARGEST_HEADER or 8 + length > size:
        raise Malformed("has a header of a length that cannot be.")
    header = parsed(file.read(length))
    metadata = header.pop(METADATA, {})
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise Malformed("has metadata that is not a table of texts.")
    follow(sorted(spans(header)), size - 8 - length)
    return metadata


def parsed(raw: bytes) -> dict[str, Any]:
    if not raw.startswith(b"{"):
        raise Malformed("has a header that does not begin with {.")
    try:
        header = loads(raw.decode("utf-8"))
    except Repeated as repeated:
        raise Malformed("lists the same name twice in its header.") from repeated
    except ValueError as error:
        raise Malformed("has a header that is no JSON.") from error
    if not isinstance(header, dict):
        raise Malformed("has a header that is no table.")
    return header


def spans(header: dict[str, Any]) -> Iterator[tuple[int, int]]:
    for entry in header.values():
        if not isinstance(entry, dict) or set(entry) != {"dtype", "shape", "data_offsets"}:
            raise Malformed("lists a tensor with other fields than dtype, shape and data_offsets.")
        yield span(entry["dtype"], entry["shape"], entry["data_offsets"])


def span(dtype: Any, shape: Any, offsets: Any) -> tuple[int, int]:
    if not isinstance(dtype, str) or dtype not in BITS:
        raise Malformed("lists a tensor of a type that does not exist.")
    if not all_counts(shape) or not all_counts(offsets) or len(offsets) != 2:
        raise Malformed("lists a tensor whose shape or place is no list of counts.")
    if (offsets[1] - offsets[0]) * 8 != prod(shape) * BITS[dtype]:
        raise Malformed("lists a tensor whose shape and bytes do not agree.")
    return offsets[0], offsets[1]


def all_counts(values: Any) -> bool:
    if not isinstance(values, list) or len(values) > MOST_DIMENSIONS:
        return False
    return all(type(value) is int and 0 <= value < 1 << 63 for value in values)


def follow(spans: list[tuple[int, int]], size: int) -> None:
    """One after the other, from the first byte to the last."""
    last = 0
    for begin, end in spans:
        if begin != last:
            raise Malformed("has tensors that overlap." if begin < last else "has bytes between its tensors.")
        last = end
    if last < size:
        raise Malformed("has bytes behind its last tensor.")
    if last > size:
        raise Malformed("is cut short: its last tensor ends behind its end.")
