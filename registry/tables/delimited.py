"""Tables in text: cut into blocks of whole records, looked at for rows of the wrong width.

A quoted field may hold line ends, so a block ends at a line end with an even number of quotes before it
(RFC 4180 doubles a quote inside quotes, which keeps the number even).
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

BLOCK = 8 << 20
LARGEST_RECORD = 4 * BLOCK
SEPARATORS = ",;\t|"
SAMPLE_LINES = 50
MOST_COLUMNS = 10_000
BLANK_LINES = re.compile(rb"(?:\r?\n){2,}")
QUOTED = re.compile(rb'"[^"]*"')
BOM = b"\xef\xbb\xbf"
VALUE = re.compile(r"[-+]?[\d.,]*\d[\d.,eE+-]*%?|\d{4}-\d\d-\d\d.*|[^@\s]+@[^@\s]+")

csv.field_size_limit(LARGEST_RECORD)


class Unreadable(Exception):
    """Not a table; the text is a sentence that says what to do."""


@dataclass(slots=True)
class Shape:
    """What the text says before anything is measured."""

    separator: str
    header: list[str]
    named: bool  # whether the first row names the columns
    ragged: int = 0
    first_ragged: int = 0  # counted from 1, the header among them
    first_width: int = 0
    records: int = 0
    foreign: bool = False  # some bytes are not UTF-8
    repeated: list[str] = field(default_factory=list)


def separator_of(sample: bytes, default: str = "") -> str:
    """The character that cuts the first lines into the most columns of the same number."""
    if default:
        return default
    lines = [line for line in sample.decode("utf-8", "replace").splitlines()[:SAMPLE_LINES] if line.strip()]
    if len(lines) > 1 and len(sample) >= BLOCK:
        lines.pop()
    return max(SEPARATORS, key=lambda mark: agreement(lines, mark))


def agreement(lines: list[str], mark: str) -> float:
    """How many columns, weighed by how many lines agree on them."""
    widths = Counter(len(row) for row in csv.reader(lines, delimiter=mark))
    if not widths:
        return 0.0
    width, count = widths.most_common(1)[0]
    return (width - 1) * (count / widths.total()) ** 2


def blocks(file: Any, limit: int, size: int = 0, *, quoted: bool = True) -> Iterator[bytes]:
    """Whole records, about `size` bytes at a time, of at most `limit` bytes, without the text's mark. What is
    not `quoted` has no line ends in its records. One buffer is filled again and again: fresh memory for each
    block costs more than reading it."""
    buffer = bytearray(size or BLOCK)
    held = seen = 0
    while True:
        got = fill(file, buffer, held, limit - seen)
        held, seen = held + got, seen + got
        ended = held < len(buffer)
        if seen == got and buffer.startswith(BOM):
            held = moved(buffer, len(BOM), held)
        cut = held if ended else last_record_end(buffer, held, quoted=quoted)
        if cut:
            yield bytes(memoryview(buffer)[:cut])
            held = moved(buffer, cut, held)
        elif held >= LARGEST_RECORD:
            raise Unreadable("A quote is opened and not closed within 32 MiB: close it, or double it.")
        elif not ended:
            buffer.extend(bytes(len(buffer)))
        if ended:
            return


def moved(buffer: bytearray, start: int, held: int) -> int:
    """What is left from here on goes to the beginning; how much that is."""
    buffer[: held - start] = buffer[start:held]
    return held - start


def fill(file: Any, buffer: bytearray, start: int, most: int) -> int:
    """How many bytes were read into the rest of the buffer; 0 at the end, and when no more are wanted."""
    got = 0
    with memoryview(buffer) as view:
        while most > 0 and start + got < len(buffer) and (read := file.readinto(view[start + got :])):
            got += read
    return got


def last_record_end(block: bytearray, held: int, *, quoted: bool) -> int:
    """Where the last whole record of the first so many bytes ends; 0 when there is none."""
    end = block.rfind(b"\n", 0, held) + 1
    if block.find(b'"', 0, end) < 0:  # counting takes ten times as long as finding none
        return end
    while quoted and end and block.count(b'"', 0, end) % 2:
        end = block.rfind(b"\n", 0, end - 1) + 1
    return end


def shape_of(block: bytes, default_separator: str = "") -> Shape:
    """The separator and the header, from the first block."""
    if block.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in block:
        raise Unreadable("This text is not in UTF-8: save it in UTF-8.")
    separator = separator_of(block[: BLOCK // 8], default_separator)
    header = next(rows(block, separator), [])
    if len(header) > MOST_COLUMNS:
        raise Unreadable(f"The table has more than {MOST_COLUMNS:,} columns: cut it into several.")
    named = not looks_like_values(header)
    names = [name.strip() for name in header] if named else []
    repeated = [name for name, count in Counter(names).items() if count > 1]
    if not named:
        names = [f"column {number}" for number in range(1, len(header) + 1)]
    return Shape(separator, names, named, repeated=repeated)


def looks_like_values(header: list[str]) -> bool:
    """Whether the first row holds data: its cells must not be shown as names then."""
    values = sum(1 for cell in header if VALUE.fullmatch(cell.strip()))
    return values * 2 >= len(header) > 0 or any("@" in cell for cell in header)


def rows(block: bytes, separator: str) -> Iterator[list[str]]:
    text = io.StringIO(block.decode("utf-8", "replace"), newline="")
    try:
        yield from csv.reader(text, delimiter=separator)
    except csv.Error as error:
        raise Unreadable("This text cannot be cut into fields: quote fields as RFC 4180 says.") from error


def count_widths(block: bytes, shape: Shape) -> None:
    """Count rows that have another number of fields than the header. Empty lines are no rows.

    Counting separators is ten times as fast as cutting fields, so fields are cut only where it disagrees.
    """
    bare = QUOTED.sub(b"", block)
    records = bare.replace(b"\r", b"").split(b"\n")
    if not records[-1]:
        records.pop()
    mark, between = shape.separator.encode(), len(shape.header) - 1
    if b'"' not in bare and all(record.count(mark) == between for record in records if record):
        shape.records += len(records)
    else:
        cut_fields(block, shape)


def cut_fields(block: bytes, shape: Shape) -> None:
    width, before = len(shape.header), shape.records
    for number, row in enumerate(rows(block, shape.separator), start=before + 1):
        shape.records = number
        if len(row) != width and row:
            shape.ragged += 1
            if shape.ragged == 1:
                shape.first_ragged, shape.first_width = number, len(row)


def tidy(block: bytes, shape: Shape) -> bytes:
    """As polars takes it: UTF-8, without empty lines (in a table of one column they are missing values)."""
    block = in_utf8(block, shape)
    return without_blank_lines(block) if may_have_blank_lines(block, shape) else block


def in_utf8(block: bytes, shape: Shape) -> bytes:
    try:
        block.isascii() or block.decode()
    except UnicodeDecodeError:
        shape.foreign = True
        return block.decode("utf-8", "replace").encode()
    return block


def may_have_blank_lines(block: bytes, shape: Shape) -> bool:
    """In a table of one column they are missing values, and in quotes anything."""
    return len(shape.header) > 1 and b'"' not in block


def without_blank_lines(block: bytes) -> bytes:
    """The same bytes when there is none. One byte is found much faster than three."""
    if b"\n\n" in block or (b"\r" in block and b"\n\r\n" in block):
        return BLANK_LINES.sub(b"\n", block)
    return block
