"""A large Parquet file as one small file for each of its row groups: the group's bytes, and a footer that
tells of it alone. So it is read in parts without a library that seeks.

The footer is Thrift's compact protocol (parquet.thrift of Apache Parquet 2.10). It is read into a tree that
keeps the types of its fields, and written again from it.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from registry.tables.delimited import Unreadable

MARK = b"PAR1"
LARGEST_FOOTER = 8 << 20
LARGEST_GROUP = 256 << 20
DEEPEST = 30
TRUE, FALSE, BYTE, DOUBLE, BINARY, LIST, SET, STRUCT = 1, 2, 3, 7, 8, 9, 10, 12
NUMBERS = (4, 5, 6)
CUT = "The footer of this Parquet file cannot be read: write the file again."

Field = tuple[int, Any]
"""The type of a field, and its value: of a list the type of its items and the items."""
Table = dict[int, Field]

# parquet.thrift: FileMetaData, RowGroup, ColumnChunk, ColumnMetaData.
ROWS, GROUPS = 3, 4
COLUMNS, GROUP_ROWS = 1, 3
META, FILE_OFFSET = 3, 2
PACKED_SIZE, DATA, INDEX, DICTIONARY = 7, 9, 10, 11
OF_OTHER_PLACES = {"group": (5, 7), "chunk": (4, 5, 6, 7), "meta": (14, 15)}


def files(file: Any, size: int) -> Iterator[io.BytesIO]:
    """One file for each row group. `Unreadable` for what is no such footer, or too large a group."""
    footer = Thrift(footer_of(file, size)).table(0)
    groups = listed(footer, GROUPS)
    for group in groups:
        start, end = span(group, size)
        if end - start > LARGEST_GROUP:
            raise Unreadable(
                f"A row group of this Parquet file has more than {LARGEST_GROUP >> 20} MiB: write it with "
                "smaller ones."
            )
        file.seek(start)
        body = file.read(end - start)
        only = {
            **footer,
            ROWS: (6, number(group, GROUP_ROWS)),
            GROUPS: (LIST, (STRUCT, [moved(group, start)])),
        }
        end_of_file = written(only)
        yield io.BytesIO(b"".join([MARK, body, end_of_file, len(end_of_file).to_bytes(4, "little"), MARK]))


def footer_of(file: Any, size: int) -> bytes:
    file.seek(max(0, size - 8))
    tail = file.read(8)
    length = int.from_bytes(tail[:4], "little")
    if tail[4:] != MARK or length > min(size - 12, LARGEST_FOOTER):
        raise Unreadable("This Parquet file is cut short, encrypted, or its footer is larger than 8 MiB.")
    file.seek(size - 8 - length)
    data: bytes = file.read(length)
    return data


def listed(table: Table, key: int) -> list[Table]:
    kind, found = table.get(key, (LIST, (STRUCT, [])))
    if kind != LIST or found[0] != STRUCT:
        raise Unreadable(CUT)
    tables: list[Table] = found[1]
    return tables


def number(table: Table, key: int) -> int:
    kind, value = table.get(key, (0, None))
    if kind not in NUMBERS or value < 0:
        raise Unreadable(CUT)
    return int(value)


def meta_of(chunk: Table) -> Table:
    kind, found = chunk.get(META, (0, None))
    if kind != STRUCT or 1 in chunk:  # its bytes lie in another file
        raise Unreadable(CUT)
    table: Table = found
    return table


def span(group: Table, size: int) -> tuple[int, int]:
    """Where the bytes of a row group begin and end."""
    begins, ends = [], []
    for chunk in listed(group, COLUMNS):
        meta = meta_of(chunk)
        places = [number(meta, key) for key in (DATA, DICTIONARY) if key in meta]
        begins.append(min((place for place in places if place), default=size + 1))
        ends.append(begins[-1] + number(meta, PACKED_SIZE))
    if not begins or max(ends) > size:
        raise Unreadable(CUT)
    return min(begins), max(ends)


def moved(group: Table, start: int) -> Table:
    """The same with its bytes right behind the mark."""
    shift = start - len(MARK)
    chunks = []
    for chunk in listed(group, COLUMNS):
        meta = {
            key: (kind, value - shift) if key in (DATA, INDEX, DICTIONARY) and value else (kind, value)
            for key, (kind, value) in meta_of(chunk).items()
            if key not in OF_OTHER_PLACES["meta"]
        }
        kept = {key: field for key, field in chunk.items() if key not in OF_OTHER_PLACES["chunk"]}
        chunks.append({**kept, FILE_OFFSET: (6, 0), META: (STRUCT, meta)})
    own = {key: field for key, field in group.items() if key not in OF_OTHER_PLACES["group"]}
    return {**own, COLUMNS: (LIST, (STRUCT, chunks))}


# ------------------------------------------------------------------ thrift


class Thrift:
    """Reading the compact protocol."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def _take(self, size: int) -> bytes:
        if size > len(self._data) - self._at:
            raise Unreadable(CUT)
        self._at += size
        return self._data[self._at - size : self._at]

    def _varint(self) -> int:
        value = 0
        for shift in range(0, 70, 7):
            byte = self._take(1)[0]
            value |= (byte & 127) << shift
            if byte < 128:
                return value
        raise Unreadable(CUT)

    def _number(self) -> int:
        value = self._varint()
        return value >> 1 ^ -(value & 1)

    def table(self, depth: int) -> Table:
        found: Table = {}
        key = 0
        while head := self._take(1)[0]:
            key = key + (head >> 4) if head >> 4 else self._number()
            kind = head & 15
            if key in found or depth > DEEPEST:
                raise Unreadable(CUT)
            found[key] = kind, None if kind in (TRUE, FALSE) else self._value(kind, depth)
        return found

    def _value(self, kind: int, depth: int) -> Any:
        if kind in NUMBERS:
            return self._number()
        if kind in (TRUE, FALSE, BYTE):  # of items of a list, a byte each
            return self._take(1)[0]
        if kind == DOUBLE:
            return self._take(8)
        if kind == BINARY:
            return self._take(self._varint())
        if kind in (LIST, SET):
            head = self._take(1)[0]
            count = head >> 4 if head >> 4 < 15 else self._varint()
            if count > len(self._data) - self._at:
                raise Unreadable(CUT)
            return head & 15, [self._value(head & 15, depth + 1) for _ in range(count)]
        if kind == STRUCT:
            return self.table(depth + 1)
        raise Unreadable(CUT)


def varint(value: int) -> bytes:
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    return bytes([*found, value])


def zigzag(value: int) -> bytes:
    return varint(value << 1 if value >= 0 else (-value << 1) - 1)


def written(table: Table) -> bytes:
    found, before = bytearray(), 0
    for key in sorted(table):
        kind, value = table[key]
        short = 0 < key - before < 16
        found += bytes([(key - before) << 4 | kind]) if short else bytes([kind]) + zigzag(key)
        before = key
        if kind not in (TRUE, FALSE):
            found += value_of(kind, value)
    return bytes(found) + b"\0"


def value_of(kind: int, value: Any) -> bytes:
    if kind in NUMBERS:
        return zigzag(value)
    if kind in (TRUE, FALSE, BYTE):
        return bytes([value])
    if kind == DOUBLE:
        return bytes(value)
    if kind == BINARY:
        return varint(len(value)) + bytes(value)
    if kind == STRUCT:
        return written(value)
    inner, items = value
    head = bytes([len(items) << 4 | inner]) if len(items) < 15 else bytes([240 | inner]) + varint(len(items))
    return head + b"".join(value_of(inner, item) for item in items)
