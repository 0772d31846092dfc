"""The line between the child that holds the model and the child that holds the answers.

A frame is its kind, its rows and columns, and its bytes: numbers as float64, everything else as JSON. Each
side says which kinds it takes and how much of it; the other side may be hostile.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from struct import Struct
from typing import Any

import numpy as np

HEAD = Struct("<cIIQ")
MIB = 1 << 20
Array = Any  # of numpy
LARGEST_WORDS = MIB
LARGEST_ROWS = 256 * MIB
BLOCK = MIB

# From the model: what it is; its answer to rows. From the table: what its columns are; rows; the end.
ABOUT, COLUMNS, NUMBERS, CELLS, END = b"a", b"c", b"n", b"x", b"e"
CHANCES, SCORES, LABELS, VALUES = b"p", b"s", b"l", b"v"
ANSWERS = CHANCES, SCORES, LABELS, VALUES


class Gone(Exception):
    """The other side hung up."""


class Odd(Exception):
    """The other side said what it should not. A sentence about it."""


@dataclass(frozen=True, slots=True)
class Frame:
    kind: bytes
    rows: int
    width: int
    content: bytearray

    @property
    def numbers(self) -> Array:
        return np.frombuffer(self.content, dtype="<f8").reshape(self.rows, self.width)

    @property
    def words(self) -> dict[str, Any]:
        try:
            found = json.loads(self.content)
        except (ValueError, RecursionError):
            raise Odd("It sent something that is not JSON.") from None
        if not isinstance(found, dict):
            raise Odd("It sent something that is not an object.")
        return found


class Line:
    """One end. Reads and writes block: the worker's clock ends what hangs."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def send(self, kind: bytes, rows: int = 0, width: int = 0, content: bytes | memoryview = b"") -> None:
        try:
            self._write(HEAD.pack(kind, rows, width, len(content)))
            self._write(content)
        except BrokenPipeError:
            raise Gone from None

    def say(self, kind: bytes, words: Mapping[str, Any]) -> None:
        self.send(kind, content=json.dumps(words).encode())

    def give(self, kind: bytes, numbers: Array) -> None:
        table = np.ascontiguousarray(numbers, dtype="<f8")
        self.send(kind, table.shape[0], table.shape[1], memoryview(table.tobytes()))

    def take(self, *kinds: bytes, rows: int | None = None, width: int | None = None) -> Frame:
        """The next frame, of one of these kinds, of so many rows and columns; `Odd` for any other."""
        kind, its_rows, its_width, size = HEAD.unpack(self._read(HEAD.size))
        if kind not in kinds:
            raise Odd("It answered something else than was asked.")
        if rows is not None and its_rows != rows:
            raise Odd(f"It answered {its_rows:,} rows for {rows:,}.")
        if width is not None and its_width != width:
            raise Odd(f"It answered {its_width:,} numbers a row instead of {width:,}.")
        is_numbers = kind in {NUMBERS, *ANSWERS}
        if size > (LARGEST_ROWS if kind in {NUMBERS, CELLS, *ANSWERS} else LARGEST_WORDS):
            raise Odd("It answered more than anybody asked for.")
        if is_numbers and size != its_rows * its_width * 8:
            raise Odd("It answered fewer numbers than it said.")
        return Frame(kind, its_rows, its_width, self._read(size))

    def _write(self, content: bytes | memoryview) -> None:
        left = memoryview(content)
        while left:
            left = left[os.write(self._descriptor, left[:BLOCK]) :]

    def _read(self, size: int) -> bytearray:
        found = bytearray()
        while len(found) < size:
            try:
                piece = os.read(self._descriptor, min(BLOCK, size - len(found)))
            except ConnectionResetError:
                raise Gone from None
            if not piece:
                raise Gone
            found += piece
        return found
