"""Files inside files: what is compressed or archived is opened as it is read, never written anywhere.

Yields everything that a loader might take for a pickle, whatever its name says.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import IO, Any

from registry.pickles.opcodes import Unreadable

DEEPEST = 5
MOST_MEMBERS = 100_000
MOST_UNPACKED = 16 << 30
BLOCK = 1 << 16
HEAD = 512
NPY, ZIP, TAR = b"\x93NUMPY", b"PK\x03\x04", b"ustar"
TAR_OFFSET = 257
UNPACKERS: dict[bytes, Callable[[Any], Any]] = {
    b"\x1f\x8b": lambda packed: gzip.GzipFile(fileobj=packed),
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ\x00": lzma.LZMAFile,
    b"\x5d\x00\x00": lzma.LZMAFile,
    **{b"\x78" + level: lambda packed: Inflated(packed) for level in (b"\x01", b"\x5e", b"\x9c", b"\xda")},
}
NOT_UNPACKED = {b"\x28\xb5\x2f\xfd": "zstd", b"\x04\x22\x4d\x18": "lz4", b"ZF0x": "an old joblib"}
PICKLE_ENDING = re.compile(r"\.(pkl|pickle|joblib|sav|dill|pt|pth|ckpt)\b", re.IGNORECASE)
# What the standard library raises for broken archives; a damaged seal is none of these.
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
    IndexError,
)


Opener = Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes to be looked at: where they are, how to read them anew, where a pickle would begin."""

    path: str
    open: Callable[[], Any]
    start: int = 0


@dataclass(frozen=True, slots=True)
class Closed:
    """Something that cannot be looked into; the text follows its path in a sentence."""

    path: str
    because: str


class Guarded:
    """Unpacked bytes: what is broken reads as a broken pickle, and a bomb ends."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._left = MOST_UNPACKED

    def read(self, size: int, /) -> bytes:
        try:
            data: bytes = self._file.read(size)
        except BROKEN as error:
            raise Unreadable("cannot be unpacked to its end.") from error
        self._left -= len(data)
        if self._left < 0:
            raise Unreadable("unpacks to more than 16 GiB.")
        return data

    def seek(self, offset: int, whence: int = 0) -> int:
        return int(self._file.seek(offset, whence))

    def tell(self) -> int:
        return int(self._file.tell())

    def seekable(self) -> bool:
        return bool(self._file.seekable())


class Inflated:
    """A bare zlib stream, as joblib writes it."""

    def __init__(self, packed: Any) -> None:
        self._packed = packed
        self._machine = zlib.decompressobj()

    def read(self, size: int, /) -> bytes:
        while not self._machine.eof:
            block = self._machine.unconsumed_tail or self._packed.read(BLOCK)
            data = self._machine.decompress(block, size)
            if data:
                return data
            if not block:
                raise EOFError
        return b""

    def seek(self, offset: int, whence: int = 0) -> int:
        raise io.UnsupportedOperation

    def tell(self) -> int:
        raise io.UnsupportedOperation

    def seekable(self) -> bool:
        return False


def contents(file: IO[bytes]) -> Iterator[Content | Closed]:
    """The file itself and everything in it. `file.name` tells which formats are meant to be pickles."""

    def reopen() -> Any:
        file.seek(0)
        return file

    whole = Content("", reopen)
    yield from within(whole, 0)
    head = whole.open().read(HEAD)
    if PICKLE_ENDING.search(str(file.name)):
        for start, packer in NOT_UNPACKED.items():
            if head.startswith(start):
                yield Closed("", f"is compressed by {packer}, which cannot be looked into")
    if not head.startswith(ZIP) and zipfile.is_zipfile(whole.open()):
        yield from zipped(whole, 0)


def within(content: Content, depth: int) -> Iterator[Content | Closed]:
    """This content, and what its first bytes say that it holds."""
    yield content
    try:
        head = content.open().read(HEAD)
    except (Unreadable, *BROKEN):
        return  # its beginning is not what its first bytes promised
    inside = opener(head)
    if inside is None:
        return
    if depth >= DEEPEST:
        yield Closed(content.path, "is packed too many times over")
        return
    yield from inside(content, depth)


def opener(head: bytes) -> Callable[[Content, int], Iterator[Content | Closed]] | None:
    for start, unpack in UNPACKERS.items():
        if head.startswith(start):
            return partial(unpacked, unpack=unpack)
    if head.startswith(NPY):
        return partial(behind_header, head=head)
    if head.startswith(ZIP):
        return zipped
    return tarred if head[TAR_OFFSET:].startswith(TAR) else None


def unpacked(content: Content, depth: int, *, unpack: Callable[[Any], Any]) -> Iterator[Content | Closed]:
    yield from within(Content(content.path, lambda: Guarded(unpack(content.open()))), depth + 1)


def behind_header(content: Content, depth: int, *, head: bytes) -> Iterator[Content]:
    """An array of objects is a pickle behind the header of its npy file."""
    wide = head[6:7] != b"\x01"
    size = int.from_bytes(head[8 : 12 if wide else 10], "little")
    yield Content(content.path, content.open, (12 if wide else 10) + size)


def zipped(content: Content, depth: int) -> Iterator[Content | Closed]:
    try:
        archive = zipfile.ZipFile(content.open())
        found = [entry for entry in archive.infolist() if not entry.is_dir()]
    except (Unreadable, *BROKEN):
        yield Closed(content.path, "is an archive that cannot be opened")
        return
    members = [(entry.filename, partial(archive.open, entry)) for entry in found[: MOST_MEMBERS + 1]]
    yield from each(members, content.path, depth)


def tarred(content: Content, depth: int) -> Iterator[Content | Closed]:
    members: list[tuple[str, Opener]] = []
    try:
        archive = tarfile.TarFile(fileobj=content.open())
        for entry in archive:
            if entry.isfile() and len(members) <= MOST_MEMBERS:
                members.append((entry.name, partial(archive.extractfile, entry)))
    except (Unreadable, *BROKEN):
        yield Closed(content.path, "is an archive that cannot be opened to its end")
    yield from each(members, content.path, depth)


def each(members: Sequence[tuple[str, Opener]], path: str, depth: int) -> Iterator[Content | Closed]:
    """The members of an archive; one that cannot be opened is said to be closed."""
    for name, open_member in members[:MOST_MEMBERS]:
        member = Content(f"{path}!{name}" if path else name, partial(guarded, open_member))
        try:
            member.open().read(1)
        except (Unreadable, *BROKEN):
            yield Closed(member.path, "cannot be opened")
        else:
            yield from within(member, depth + 1)
    if len(members) > MOST_MEMBERS:
        yield Closed(path, f"is an archive of more than {MOST_MEMBERS:,} files")


def guarded(open_member: Opener) -> Guarded:
    return Guarded(open_member())
