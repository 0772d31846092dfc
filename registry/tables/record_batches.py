"""A large Arrow file as one small stream for each of its record batches: the schema, the dictionaries so far,
and that batch alone. So it is read in parts without a library that seeks.

Both forms hold the same messages one after the other (apache/arrow, docs/source/format/Columnar.rst,
"Encapsulated message format"; format/Message.fbs); a file has eight bytes before them and a footer behind.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import Any

from registry.parsers import Malformed
from registry.parsers.tflite import Buffer
from registry.tables.delimited import Unreadable

MARK = b"ARROW1\0\0"
GOES_ON, ENDS = b"\xff\xff\xff\xff", b"\xff\xff\xff\xff\0\0\0\0"
SCHEMA, DICTIONARY, BATCH = 1, 2, 3
LARGEST_HEAD = 8 << 20
LARGEST_BODY = 256 << 20
LARGEST_DICTIONARIES = 16 << 20  # they go along with each batch
CUT = "This Arrow file cannot be read in parts: it is cut short, or of an old form. Write the file again."


def streams(file: Any, size: int) -> Iterator[io.BytesIO]:
    """`Unreadable` for what has not this form, or a batch that is too large."""
    schema, dictionaries = b"", b""
    for kind, message in messages(file, size):
        if kind == SCHEMA and not schema:
            schema = message
        elif kind == DICTIONARY:
            dictionaries += message
            refuse_large(len(dictionaries), "dictionaries", LARGEST_DICTIONARIES)
        elif kind == BATCH and schema:
            yield io.BytesIO(b"".join([schema, dictionaries, message, ENDS]))
        else:
            raise Unreadable(CUT)
    if not schema:
        raise Unreadable(CUT)


def messages(file: Any, size: int) -> Iterator[tuple[int, bytes]]:
    """The kind of each, and its bytes, until the mark of the end or the last byte."""
    file.seek(0)
    place = len(MARK) if file.read(len(MARK)) == MARK else 0
    while place + 8 <= size:
        file.seek(place)
        begins = file.read(8)
        length = int(struct.unpack("<i", begins[4:])[0])
        if begins == ENDS:
            return
        if begins[:4] != GOES_ON or not 0 < length <= LARGEST_HEAD or place + 8 + length > size:
            raise Unreadable(CUT)
        head = file.read(length)
        kind, body = told(head)
        if body < 0 or place + 8 + length + body > size:
            raise Unreadable(CUT)
        refuse_large(body, "batches")
        yield kind, begins + head + file.read(body)
        place += 8 + length + body


def told(head: bytes) -> tuple[int, int]:
    """Which kind of message, and how many bytes follow it."""
    try:
        buffer = Buffer(io.BytesIO(head), len(head))
        table = buffer.number(0)
        kind, body = buffer.field(table, 1), buffer.field(table, 3)
        return (buffer.number(kind, "<B") if kind else 0), (buffer.number(body, "<q") if body else 0)
    except (Malformed, struct.error):
        raise Unreadable(CUT) from None


def refuse_large(size: int, what: str, most: int = LARGEST_BODY) -> None:
    if size > most:
        raise Unreadable(f"This Arrow file has {what} of more than {most >> 20} MiB: write smaller ones.")
