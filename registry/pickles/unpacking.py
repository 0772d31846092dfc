"""Compressed bytes, opened as they are read: never written anywhere, never more than the budget allows."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import re
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

from registry.checks import library
from registry.pickles.opcodes import Budget, Unreadable

BLOCK = 1 << 16
LARGEST_READ = 64 << 20  # of one piece: what an archive reads at once is its list of members
LARGEST_DICTIONARY = 64 << 20
Opener = Callable[[], Any]

# What the standard library and pyarrow raise for broken archives; a damaged seal is none of these.
BROKEN = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    OSError,
    EOFError,
    RuntimeError,  # a password is needed
    NotImplementedError,  # a way of packing that Python does not know
    ValueError,
    LookupError,
    ArithmeticError,
    TypeError,
    AttributeError,
    MemoryError,  # a dictionary of gigabytes
)


def whole(file: Any, size: int) -> bytes:
    """So many bytes at once, or all that are left: in a size that is sensible."""
    data: bytes = file.read(LARGEST_READ if size < 0 else size) if size <= LARGEST_READ else b""
    if size > LARGEST_READ or (size < 0 and len(data) == LARGEST_READ):
        raise Unreadable("says that it holds a piece that is far too large.")
    return data


class Guarded:
    """Unpacked bytes: what is broken reads as a broken pickle, a bomb ends, going back begins anew."""

    def __init__(self, open_packed: Opener, budget: Budget) -> None:
        self._open = open_packed
        self._budget = budget
        self._file = self._opened()
        self._at = 0

    def _opened(self) -> Any:
        try:
            return self._open()
        except BROKEN as error:
            raise Unreadable("cannot be unpacked.") from error

    def read(self, size: int = -1, /) -> bytes:
        try:
            data = whole(self._file, size)
        except BROKEN as error:
            raise Unreadable("cannot be unpacked to its end.") from error
        self._at += len(data)
        self._budget.spend_bytes(len(data))
        return data

    def seek(self, offset: int, whence: int = 0) -> int:
        if whence == os.SEEK_END:
            self._skip(1 << 62)
        target = self._at + offset if whence else offset
        if target < self._at:
            self._file, self._at = self._opened(), 0
        self._skip(target - self._at)
        return self._at

    def _skip(self, size: int) -> None:
        while size > 0 and (data := self.read(min(size, BLOCK))):
            size -= len(data)

    def tell(self) -> int:
        return self._at

    def seekable(self) -> bool:
        return True


class Careful:
    """Plain bytes for a library that reads as much as a file tells it to: not more than is sensible."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self.seek, self.tell = file.seek, file.tell

    def read(self, size: int = -1, /) -> bytes:
        return whole(self._file, size)

    def seekable(self) -> bool:
        return True


class Inflated:
    """Streams of zlib: with headers, one after the other, as joblib reads them, or a bare one of a zip."""

    def __init__(self, packed: Any, bits: int = zlib.MAX_WBITS) -> None:
        self._packed = packed
        self._bits = bits
        self._machine = zlib.decompressobj(bits)

    def read(self, size: int, /) -> bytes:
        pieces = []
        while size > 0:
            if self._machine.eof and not self._next():
                break
            block = self._machine.unconsumed_tail or self._packed.read(BLOCK)
            data = self._machine.decompress(block, size)
            if not data and not block and not self._machine.eof:
                raise EOFError
            pieces.append(data)
            size -= len(data)
        return b"".join(pieces)

    def _next(self) -> bool:
        """Another stream may follow; what is none is nobody's."""
        rest = self._machine.unused_data or self._packed.read(BLOCK)
        if self._bits < 0 or not rest.startswith(ZLIB):
            return False
        self._packed = Ahead(rest, self._packed)
        self._machine = zlib.decompressobj(self._bits)
        return True


def old_joblib(packed: Any) -> Inflated:
    """`ZF`, the length in 19 letters, perhaps a space, then zlib. Source: joblib, numpy_pickle_compat.py."""
    packed.read(21)
    if packed.read(1) != b" ":
        packed.seek(21)
    return Inflated(packed)


def by_arrow(codec: str) -> Callable[[Any], Any]:
    """Formats that the standard library cannot read. pyarrow unpacks them and does nothing else."""

    def opened(packed: Any) -> Any:
        arrow = library("pyarrow")
        return arrow.CompressedInputStream(arrow.PythonFile(Unclosed(packed), mode="r"), codec)

    return opened


class Unclosed:
    """A file that outlives who reads it."""

    closed = False

    def __init__(self, file: Any) -> None:
        self.read, self.seek, self.tell = file.read, file.seek, file.tell

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        """It is not theirs."""


class Unxz:
    """xz and lzma, one stream or several, without the gigabytes that a header may ask for."""

    def __init__(self, packed: Any) -> None:
        self._packed = packed
        self._machine = lzma.LZMADecompressor(memlimit=LARGEST_DICTIONARY)

    def read(self, size: int, /) -> bytes:
        pieces = []
        while size > 0:
            if self._machine.eof and not self._next():
                break
            block = self._packed.read(BLOCK) if self._machine.needs_input else b""
            if not block and self._machine.needs_input:
                raise EOFError
            data = self._machine.decompress(block, size)
            pieces.append(data)
            size -= len(data)
        return b"".join(pieces)

    def _next(self) -> bool:
        """Another stream may follow; what is none is nobody's."""
        rest = self._machine.unused_data.lstrip(b"\0") or self._packed.read(BLOCK).lstrip(b"\0")
        if not rest.startswith((b"\xfd7zXZ\x00", b"\x5d\x00\x00")):
            return False
        self._machine = lzma.LZMADecompressor(memlimit=LARGEST_DICTIONARY)
        self._packed = Ahead(rest, self._packed)
        return True


class Ahead:
    """Bytes that were read already, then the rest."""

    def __init__(self, data: bytes, file: Any) -> None:
        self._data, self._file = data, file

    def read(self, size: int, /) -> bytes:
        data, self._data = self._data[:size], self._data[size:]
        return data or bytes(self._file.read(size))


ZLIB = tuple(b"\x78" + level for level in (b"\x01", b"\x5e", b"\x9c", b"\xda"))
UNPACKERS: dict[bytes, Callable[[Any], Any]] = {
    b"\x1f\x8b": lambda packed: gzip.GzipFile(fileobj=packed),
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ\x00": Unxz,
    b"\x5d\x00\x00": Unxz,
    b"\x28\xb5\x2f\xfd": by_arrow("zstd"),
    b"\x04\x22\x4d\x18": by_arrow("lz4"),
    b"ZF0x": old_joblib,
    **dict.fromkeys(ZLIB, Inflated),
}
SMALL_WINDOWS = frozenset(bytes([size << 4 | 8]) for size in range(7))
LAST_SETTING = 9 * 5 * 5  # of lzma: three numbers in one byte
FEW = 64
HELD = re.compile(rb"\x80[\x01-\x05]|[(\]}]*[ci(][A-Za-z_][\w.]*\r?\n|PK\x03\x04|\x93NUMPY|\x1f\x8b")
NOT_UNPACKED = {
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!\x1a\x07": "a RAR archive",
    b"LZIP": "compressed by lzip",
    b"\x89LZO": "compressed by lzop",
    b"\x1f\x9d\x90": "compressed by compress",
    b"\x02\x21\x4c\x18": "compressed by an old lz4",
    b"\xff\x06\x00\x00sNaPpY": "compressed by snappy",
    b"MSCF": "a cabinet",
    b"xar!": "a xar archive",
    b"!<arch>\n": "an ar archive",
    b"070701": "a cpio archive",
    b"hsqs": "a squashfs image",
}


def unpacker(head: bytes) -> Callable[[Any], Any] | None:
    found = next((unpack for start, unpack in UNPACKERS.items() if head.startswith(start)), None)
    return found or unusual(head)


def unusual(head: bytes) -> Callable[[Any], Any] | None:
    """zlib with a smaller window and lzma with other settings than people choose: numbers may begin so, too,
    so they count when they unpack to what begins like a pickle or an archive. Sources: RFC 1950, 2.2;
    xz, doc/lzma-file-format.txt, 1.1."""
    if head[:1] in SMALL_WINDOWS and int.from_bytes(head[:2], "big") % 31 == 0:
        return Inflated if holds(zlib.decompressobj(), head) else None
    if len(head) > 13 and head[0] < LAST_SETTING and head[13] == 0:
        machine = lzma.LZMADecompressor(lzma.FORMAT_ALONE, memlimit=LARGEST_DICTIONARY)
        return Unxz if holds(machine, head) else None
    return None


def holds(machine: Any, head: bytes) -> bool:
    try:
        return HELD.match(machine.decompress(head, FEW)) is not None
    except (zlib.error, lzma.LZMAError, EOFError, MemoryError):
        return False


def not_unpacked(head: bytes) -> str:
    """What it is that cannot be looked into; empty for anything else."""
    return next((what for start, what in NOT_UNPACKED.items() if head.startswith(start)), "")
