"""Parquet and Arrow files: what their footers say lies in the file, and nothing in another one.

Source: apache/parquet-format, src/main/thrift/parquet.thrift (FileMetaData, ColumnChunk), Thrift's compact
protocol; apache/arrow, format/File.fbs (Footer, Block).
"""

from __future__ import annotations

from typing import Any

from registry.parsers import Malformed, paths
from registry.parsers.tflite import Buffer
from registry.parsers.windows import Window

PARQUET, ARROW = b"PAR1", b"ARROW1"
LARGEST_FOOTER = 1 << 20  # beyond, only its length is looked at
MOST_BLOCKS = 100_000
DEEPEST = 12
CUT = Malformed("is cut short, or its footer is not its own.")
# Fields by number. Source: parquet.thrift.
ROW_GROUPS, COLUMNS, FILE_PATH, METADATA = 4, 1, 1, 3
PAGES, DICTIONARY, PACKED = 9, 11, 7


class Elsewhere(Malformed):
    """It keeps a column in another file, by a path that leaves its folder."""


def read(file: Any, size: int) -> None:
    """`Malformed` for what leads beyond the end; `Elsewhere` for what leads to another folder."""
    file.seek(0)
    head = file.read(8)
    file.seek(max(0, size - 10))
    tail = file.read(10)
    if head.startswith(PARQUET) and tail.endswith(PARQUET):
        parquet(file, size, int.from_bytes(tail[2:6], "little"))
    elif head.startswith(ARROW) and tail.endswith(ARROW):
        blocks(file, size, int.from_bytes(tail[:4], "little"))


def parquet(file: Any, size: int, length: int) -> None:
    if length + 12 > size:
        raise CUT
    if length > LARGEST_FOOTER:
        return
    file.seek(size - 8 - length)
    footer = Compact(file.read(length)).table(0)
    for group in rows(footer.get(ROW_GROUPS)):
        for column in rows(group.get(COLUMNS)):
            chunk(column, size)


def chunk(column: dict[int, Any], size: int) -> None:
    path = column.get(FILE_PATH)
    if isinstance(path, bytes):
        if paths.leaves(path.decode("utf-8", "replace")):
            raise Elsewhere("keeps a column in a file outside of its folder.")
        return  # in a file beside it, which is looked at itself
    held = column.get(METADATA)
    if not isinstance(held, dict):
        return  # encrypted, or a summary
    places = [held[key] for key in (PAGES, DICTIONARY) if isinstance(held.get(key), int)]
    packed = held.get(PACKED, 0)
    if any(not 0 <= place <= size for place in (*places, packed, min(places, default=0) + packed)):
        raise Malformed("has a column that lies beyond its end.")


def rows(value: Any) -> list[dict[int, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


class Compact:
    """Thrift's compact protocol: tables of numbered fields, numbers, texts and lists."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def _byte(self) -> int:
        if self._at >= len(self._data):
            raise CUT
        self._at += 1
        return self._data[self._at - 1]

    def _varint(self) -> int:
        value = 0
        for shift in range(0, 70, 7):
            byte = self._byte()
            value |= (byte & 127) << shift
            if byte < 128:
                return value
        raise CUT

    def _number(self) -> int:
        value = self._varint()
        return value >> 1 ^ -(value & 1)

    def _take(self, size: int) -> bytes:
        if size > len(self._data) - self._at:
            raise CUT
        self._at += size
        return self._data[self._at - size : self._at]

    def table(self, depth: int) -> dict[int, Any]:
        if depth > DEEPEST:
            raise Malformed("has a footer that is nested too deeply.")
        found: dict[int, Any] = {}
        number = 0
        while head := self._byte():
            number = number + (head >> 4) if head >> 4 else self._number()
            if number in found:
                raise Malformed("says the same twice in its footer.")
            kind = head & 15
            found[number] = kind == 1 if kind in {1, 2} else self._value(kind, depth)
        return found

    def _value(self, kind: int, depth: int) -> Any:
        match kind:
            case 1 | 2 | 3:
                return self._byte()
            case 4 | 5 | 6:
                return self._number()
            case 7:
                return self._take(8)
            case 8:
                return self._take(self._varint())
            case 9 | 10:
                return self._list(depth)
            case 12:
                return self.table(depth + 1)
        raise CUT

    def _list(self, depth: int) -> list[Any]:
        head = self._byte()
        count = head >> 4 if head >> 4 < 15 else self._varint()
        if count > len(self._data) - self._at:  # each item takes a byte at least
            raise CUT
        return [self._value(head & 15, depth + 1) for _ in range(count)]


def blocks(file: Any, size: int, length: int) -> None:
    """Where an Arrow file says that its dictionaries and batches are."""
    if length + 16 > size or not length:
        raise CUT
    footer = Buffer(Window(file, size - 10 - length, length), length)
    root = footer.number(0)
    for position in (2, 3):
        begin, count = footer.vector(root, position)
        for place in range(begin, begin + 24 * min(count, MOST_BLOCKS), 24):
            offset, header, body = (
                footer.number(place + at, form) for at, form in ((0, "<q"), (8, "<i"), (16, "<q"))
            )
            if min(offset, header, body) < 0 or offset + header + body > size:
                raise Malformed("has a batch that lies beyond its end.")
