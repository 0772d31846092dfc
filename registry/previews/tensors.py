"""The header of a safetensors file: its metadata, and its tensors as a table."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import BinaryIO

from registry.parsers import Malformed
from registry.parsers.safetensors import METADATA, all_counts, parsed
from registry.previews import Part, Unfit, preview, table, values

LARGEST_HEADER = 16 << 20
MOST_ROWS = 300


@preview("safetensors")
def run(file: BinaryIO) -> Iterator[Part]:
    try:
        header = read(file)
    except Malformed as malformed:
        raise Unfit(f"This file {malformed}") from malformed
    metadata = header.pop(METADATA, {})
    rows = [tensor(name, entry) for name, entry in header.items()]
    kinds = sorted({str(row[1]) for row in rows})
    numbers = [row[3] for row in rows if isinstance(row[3], int)]
    about = [("Tensors", f"{len(rows):,}"), ("Parameters", f"{sum(numbers):,}"), ("Types", ", ".join(kinds))]
    if isinstance(metadata, dict):
        about += list(metadata.items())[:50]
    yield values(about)
    yield tensors(rows)


def read(file: BinaryIO) -> dict[str, object]:
    size = file.seek(0, 2)
    file.seek(0)
    length = int.from_bytes(file.read(8), "little")
    if length > LARGEST_HEADER or 8 + length > size:
        raise Malformed("has a header of a length that cannot be.")
    return parsed(file.read(length))


def tensor(name: str, entry: object) -> tuple[str, str, str, int | str]:
    fields = entry if isinstance(entry, dict) else {}
    shape = fields.get("shape")
    if not all_counts(shape):
        return name, str(fields.get("dtype", "")), "", ""
    return name, str(fields.get("dtype", "")), " x ".join(map(str, shape or [])) or "one", prod(shape or [])


def tensors(rows: list[tuple[str, str, str, int | str]]) -> Part:
    shown = [(*row[:3], f"{row[3]:,}" if isinstance(row[3], int) else "") for row in rows[:MOST_ROWS]]
    about = f"The first {MOST_ROWS:,} of {len(rows):,} tensors." if len(rows) > MOST_ROWS else ""
    return table(["Tensor", "Type", "Shape", "Numbers"], shown, about)
