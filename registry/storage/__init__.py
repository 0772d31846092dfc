"""Where blobs lie, sealed: in a folder or in a bucket, by the setting BLOBS. Plain bytes never get here.

A blob's name is random and is bound into its key and into its segments, so that no blob can stand in
for another one. The blob comes before its row; a sweep removes blobs that no row names.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO, Protocol, Self, cast

from registry import keys
from registry.crypto import Damaged, SealedFile
from registry.storage.backends import Sink, backend
from registry.storage.writing import Stored, Writer

PIECE = 1 << 18  # of what comes; what goes are segments
LARGE = 16 << 20  # sent bytes after which the system gets back what they took; it costs about a millisecond
give_back = ctypes.CDLL(None).malloc_trim

__all__ = [
    "Blob", "Pieces", "Stored", "Writer", "delete", "exists", "healthy", "make", "make_place", "names",
    "open_blob", "pieces", "read_sealed", "sealed", "store", "write_sealed",
]  # fmt: skip


class Blob(Protocol):
    """What opening a blob takes: a row has it, and so has what `store` returns."""

    @property
    def name(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def key_version(self) -> int: ...
    @property
    def wrapped_key(self) -> bytes | memoryview: ...


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def store(stream: Readable, size: int | None = None) -> Stored:
    """Seal a stream of plain bytes into the store, in constant memory; all of it or nothing.

    Raises `Invalid` when more or fewer than `size` bytes come, `Full` when there is no space, and
    `Unavailable` when the store or the master key is away.
    """
    with Writer(size) as writer:
        while piece := stream.read(PIECE):
            writer.write(piece)
        return writer.finish()


def open_blob(blob: Blob) -> SealedFile:
    """The plain bytes as a seekable file. The caller closes it."""
    data_key = keys.unwrap(blob.key_version, blob.wrapped_key, blob.name)
    file = SealedFile(backend().open(blob.name), data_key, blob.name.encode(), f"blob {blob.name}")
    if file.size != blob.size:
        file.close()
        raise Damaged(f"Blob {blob.name} has {file.size} bytes instead of {blob.size}.")
    return file


class Pieces:
    """The plain bytes from `start` to `stop`, a segment at a time; a WSGI server closes it."""

    def __init__(self, file: SealedFile, start: int, stop: int | None) -> None:
        self._file = file
        file.seek(start)
        self._left = max(0, (file.size if stop is None else min(stop, file.size)) - start)
        self._large = self._left >= LARGE

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        piece = self._file.read1(self._left) if self._left else b""
        if not piece:
            self.close()
            raise StopIteration
        self._left -= len(piece)
        return piece

    def close(self) -> None:
        """Freed pieces would stay with the threads that sent them."""
        self._left = 0
        self._file.close()
        if self._large:
            give_back(0)


def pieces(blob: Blob, start: int = 0, stop: int | None = None) -> Pieces:
    """For an answer: at most 1 MiB each. What cannot be opened raises here, before the first byte."""
    return Pieces(open_blob(blob), start, stop)


def sealed(blob: Blob) -> tuple[BinaryIO, bytes]:
    """The sealed bytes as a file with a descriptor, and the data key: what the sandbox needs."""
    data_key = keys.unwrap(blob.key_version, blob.wrapped_key, blob.name)
    return backend().sealed(blob.name), data_key


def read_sealed(name: str) -> BinaryIO:
    """The sealed bytes, to be kept elsewhere as they are. `Damaged` when there are none."""
    return cast(BinaryIO, backend().open(name))


def write_sealed(name: str, size: int) -> Sink:
    """A place for the sealed bytes of a blob that come back from where they were kept."""
    return backend().create(name, size)


def delete(name: str) -> None:
    """Remove a blob, or what is left of an unfinished one. Nothing happens when there is none."""
    backend().delete(name)


def exists(name: str) -> bool:
    return backend().exists(name)


def names() -> Iterator[tuple[str, datetime]]:
    """Every blob and every unfinished one, with the time it was last written: for a sweep."""
    return backend().names()


def healthy() -> str | None:
    """The sentence that says why blobs cannot be used, or nothing."""
    return backend().healthy()


def make_place() -> None:
    """Make the store's folder alone: who restores brings the keys."""
    backend().make()


def make() -> None:
    """Make the store's folder and the master key on a fresh machine. Nothing happens to what is there.

    A key file that is lost is not replaced while sealed blobs exist: a new key opens none of them.
    """
    backend().make()
    if next(names(), None) is None:
        keys.make()
    else:
        keys.load()
