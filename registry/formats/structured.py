"""Formats without a signature, known by their structure: safetensors, ONNX, other protocol buffers."""

from __future__ import annotations

import json
from collections.abc import Iterator

LARGEST_HEADER = 100_000_000  # what the safetensors library accepts

# Fields of ModelProto. Source: onnx/onnx.proto.
IR_VERSION, GRAPH = 1, 7
ONNX_FIELDS = frozenset({1, 2, 3, 4, 5, 6, 7, 8, 14, 20, 25, 26})
VARINT, FIXED64, LENGTH, FIXED32 = 0, 1, 2, 5
LARGEST_FIELD = 4096


def is_safetensors(head: bytes, size: int) -> bool:
    """Eight bytes of length, then JSON. Source: github.com/huggingface/safetensors, "Format"."""
    length = int.from_bytes(head[:8], "little")
    if not 2 <= length <= min(LARGEST_HEADER, size - 8) or not head[8:].startswith(b"{"):
        return False
    if 8 + length > len(head):
        return head[9:].lstrip().startswith(b'"')
    try:
        return isinstance(json.loads(head[8 : 8 + length]), dict)
    except (ValueError, RecursionError):
        return False


def is_onnx(head: bytes, size: int) -> bool:
    """It says its version first, and holds a graph."""
    seen = fields(head, size)
    return seen[:1] == [(IR_VERSION, VARINT)] and (GRAPH, LENGTH) in seen and onnx_only(seen)


def onnx_only(seen: list[tuple[int, int]]) -> bool:
    return all(field in ONNX_FIELDS for field, _ in seen)


def is_protobuf(head: bytes, size: int) -> bool:
    """Two fields or more that lead exactly to the end, or beyond what was read."""
    return len(fields(head, size)) >= 2


def fields(head: bytes, size: int) -> list[tuple[int, int]]:
    """Number and wire type of each field at the top; none when the bytes are not a message."""
    try:
        return list(walk(head, size))
    except ValueError:
        return []


def walk(head: bytes, size: int) -> Iterator[tuple[int, int]]:
    """Source: protobuf.dev/programming-guides/encoding"""
    place = 0
    while place < len(head):
        key, place = varint(head, place)
        field, wire = key >> 3, key & 7
        if not 0 < field <= LARGEST_FIELD:
            raise ValueError("no such field")
        place = after(head, place, wire)
        if place > size:
            raise ValueError("longer than the file")
        yield field, wire


def after(head: bytes, place: int, wire: int) -> int:
    """Where the value ends."""
    match wire:
        case 0:
            return varint(head, place)[1]
        case 1:
            return place + 8
        case 2:
            length, place = varint(head, place)
            return place + length
        case 5:
            return place + 4
    raise ValueError("no such wire type")


def varint(data: bytes, place: int) -> tuple[int, int]:
    """The number, and where it ends."""
    value = 0
    for position in range(10):
        if place + position >= len(data):
            break
        byte = data[place + position]
        value |= (byte & 127) << (7 * position)
        if byte < 128:
            return value, place + position + 1
    raise ValueError("no number")
