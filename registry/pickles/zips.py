"""The members of a zip archive, read as torch, numpy and java read them: by its list, whatever its seals say.

Python's own reader refuses a member whose checksum is wrong, while torch reads it (and writes such, with
`set_crc32_options(False)`). So stored and deflated members are read here. What two readers could see
differently is closed. Source: PKWARE, APPNOTE.TXT 4.3.7 and 4.4.4.
"""

from __future__ import annotations

import os
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from registry.pickles.unpacking import BROKEN, Careful, Inflated, Opener

LOCAL = struct.Struct("<4s5H3L2H")
SIGNATURE = b"PK\x03\x04"
STARTS = (SIGNATURE, b"PK\x05\x06", b"PK\x07\x08")
LOCKED = 0x1 | 0x20 | 0x40 | 0x2000  # encrypted, patched, strongly encrypted, with a hidden list


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive: how to open it, or why not. The text follows its path in a sentence."""

    name: str
    size: int
    open: Opener
    closed: str = ""
    stored: bool = False  # as it is


class Slice:
    """A part of a file, as a file."""

    def __init__(self, file: Any, offset: int, size: int) -> None:
        self._file, self._offset, self._size, self._at = file, offset, size, 0

    def read(self, size: int = -1, /) -> bytes:
        left = max(0, self._size - self._at)
        size = left if size < 0 else min(size, left)
        self._file.seek(self._offset + self._at)
        data: bytes = self._file.read(size) if size else b""
        self._at += len(data)
        return data

    def seek(self, offset: int, whence: int = 0) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def seekable(self) -> bool:
        return True


def members(open_archive: Opener) -> Iterator[Member]:
    """Every member of its list, folders aside. `BROKEN` when there is no list to be read."""
    archive = zipfile.ZipFile(Careful(open_archive()))
    for entry in archive.infolist():
        if not entry.is_dir() or entry.file_size:
            yield member(open_archive, archive, entry)


def member(open_archive: Opener, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Member:
    name, size = entry.filename, entry.file_size
    if entry.flag_bits & LOCKED:
        return Member(name, size, open_archive, "is encrypted, or says so")
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        return Member(name, size, partial(archive.open, entry))
    try:
        begin = beginning(open_archive(), entry)
    except Differs as error:
        return Member(name, size, open_archive, str(error))
    except BROKEN:
        return Member(name, size, open_archive, "cannot be opened")
    if entry.compress_type == zipfile.ZIP_STORED:
        return Member(name, size, partial(stored, open_archive, begin, entry.compress_size), stored=True)
    return Member(name, size, partial(inflated, open_archive, begin, entry.compress_size))


class Differs(ValueError):
    """What stands before a member is not what the list says of it."""


def beginning(file: Any, entry: zipfile.ZipInfo) -> int:
    """Where its bytes begin: behind the header that stands before them."""
    file.seek(entry.header_offset)
    header = LOCAL.unpack(file.read(LOCAL.size))
    signature, _, _, method, *_, name_size, extra_size = header
    name = file.read(name_size)
    if signature != SIGNATURE or method != entry.compress_type or not same(name, entry):
        raise Differs("is another file before its bytes than in the archive's list")
    return entry.header_offset + LOCAL.size + int(name_size) + int(extra_size)


def same(name: bytes, entry: zipfile.ZipInfo) -> bool:
    return name in {entry.orig_filename.encode(code, "replace") for code in ("utf-8", "cp437")}


def stored(open_archive: Opener, begin: int, size: int) -> Slice:
    return Slice(open_archive(), begin, size)


def inflated(open_archive: Opener, begin: int, size: int) -> Inflated:
    return Inflated(Slice(open_archive(), begin, size), -zlib.MAX_WBITS)
