"""Views of bytes inside a file: a stored member of an archive, or what a compressed one unpacks to."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from time import process_time
from typing import Any

from registry.parsers import Malformed

BLOCK = 1 << 18
HELD = 1 << 20  # of what was unpacked: a small member is read again and again without unpacking it twice
MOST_UNPACKED, MOST_TIMES = 256 << 20, 64  # in all, and how often the size of the file itself
MOST_LISTED = 12_000  # so many members, folders too, are looked at by all checks in some seconds
TENSORS = 16 << 20  # bytes of tensors in archives that are looked at in full; of those after it only a few
# Of one core, for what is packed: a small file may hold a great deal. What is not packed costs what it is.
SECONDS, SECONDS_PER_MIB = 2.0, 3.0


class Budget:
    """What looking into one file may cost: bytes unpacked, in whatever they are packed, members that all
    archives in it list, and seconds.

    Seconds differ from machine to machine; a bound of bytes alone would have to suit the slowest of a
    hundred ways to look at them. Beyond it stands a finding, as beyond the others.
    """

    def __init__(self, size: int) -> None:
        self.left = MOST_UNPACKED + MOST_TIMES * size
        self.listed = 0
        self.tensors = TENSORS
        self.until = process_time() + SECONDS + SECONDS_PER_MIB * size / (1 << 20)

    def spend(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise TooMuch("unpacks to more than can be looked at.")
        self.go_on()

    def go_on(self) -> None:
        if process_time() > self.until:
            raise TooMuch("takes longer to look at than so small a file may.")

    def list(self, members: int) -> None:
        """Asked before they are read, since reading a list costs too."""
        self.listed += members
        if self.listed > MOST_LISTED:
            raise TooMuch(f"holds more than {MOST_LISTED:,} files.")


class TooMuch(Malformed):
    """More than can be looked at."""


class Window(io.RawIOBase):
    """`size` bytes of another file from `start` on, as a file of its own."""

    def __init__(self, file: Any, start: int, size: int) -> None:
        self._file, self._start, self._size, self._at = file, start, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def read(self, size: int | None = -1, /) -> bytes:
        left = max(0, self._size - self._at)
        wanted = left if size is None or size < 0 else min(size, left)
        self._file.seek(self._start + self._at)
        data: bytes = self._file.read(wanted)
        self._at += len(data)
        return data


class Unpacked(io.RawIOBase):
    """What `open_stream` unpacks, as a file: going back begins anew, except within the first bytes."""

    def __init__(self, open_stream: Callable[[], Any], size: int | None, budget: Budget) -> None:
        self._open, self._size, self._budget = open_stream, size, budget
        self._stream: Any = None
        self._stream_at = self._at = 0
        self._held = b""
        self._held_all = False

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        if whence == os.SEEK_END:
            self._at = self.size + offset
        else:
            self._at = offset + (self._at if whence == os.SEEK_CUR else 0)
        return self._at

    @property
    def size(self) -> int:
        """How many bytes there are; unpacks them all when the archive does not say."""
        if self._size is None:
            while self._next(BLOCK):
                pass
            self._size = self._stream_at
        return self._size

    def read(self, size: int | None = -1, /) -> bytes:
        wanted = self.size - self._at if size is None or size < 0 else size
        while not self._held_all and self._stream_at < min(self._at + wanted, HELD):
            self._held_all = not self._next(BLOCK)
        if self._held_all:
            self._stream, self._size = None, self._stream_at if self._size is None else self._size
        if self._at + wanted <= len(self._held) or self._stream_at < HELD:
            data = self._held[self._at : self._at + wanted]
        else:
            data = self._beyond(wanted)
        self._at += len(data)
        return data

    def _beyond(self, wanted: int) -> bytes:
        if self._stream_at > self._at:
            self._stream, self._stream_at = None, 0
        while self._stream_at < self._at:
            if not self._next(min(BLOCK, self._at - self._stream_at)):
                return b""
        pieces = []
        while wanted > 0 and (piece := self._next(min(BLOCK, wanted))):
            pieces.append(piece)
            wanted -= len(piece)
        return b"".join(pieces)

    def _next(self, size: int) -> bytes:
        """The next bytes of the stream; the first of them are held."""
        if self._stream is None:
            self._stream, self._stream_at = self._open(), 0
        data: bytes = self._stream.read(size)
        if self._stream_at == len(self._held) < HELD:
            self._held += data
        self._stream_at += len(data)
        self._budget.spend(len(data))
        return data


def size_of(file: Any) -> int:
    size = int(file.seek(0, os.SEEK_END))
    file.seek(0)
    return size


def exactly(file: Any, size: int) -> bytes:
    """So many bytes, or the file is cut."""
    data: bytes = file.read(size)
    if len(data) != size:
        raise Malformed("is cut short.")
    return data
