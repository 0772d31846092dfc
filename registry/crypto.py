"""Sealed bytes: Tink's streaming AEAD AES256_GCM_HKDF_1MB, written in one pass and read at any place.

    header    40 | 32 bytes of salt | 7 bytes of nonce prefix           40 bytes
    segments  AES-256-GCM, 1 MiB each with its tag of 16 bytes; the header counts into the first
    nonce     prefix | number of the segment, 32 bit big-endian | 1 in the last segment, otherwise 0
    key       HKDF-SHA256(data key, salt, info = associated data), 32 bytes

The number in the nonce holds the order, the last byte holds the end, the associated data holds whose
bytes they are. Source: https://developers.google.com/tink/streaming-aead/aes_gcm_hkdf_streaming

Knows neither Django nor settings: the sandbox's child reads through it too.
"""

from __future__ import annotations

import errno
import io
import os
from typing import Any, ClassVar, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from governance.errors import Problem

SEGMENT = 1 << 20
HEADER = 40
SALT = 32
PREFIX = 7
TAG = 16
KEY = 32

Bytes = bytes | bytearray | memoryview


class Damaged(Problem):
    """What is stored is not what was sealed: cut, changed, reordered, or somebody else's."""

    status: ClassVar[int] = 500
    title: ClassVar[str] = "Damaged"


class Sink(Protocol):
    """Where sealed bytes go. A short write is written on; `None` is no answer."""

    def write(self, data: memoryview, /) -> int | None: ...


class Source(Protocol):
    """Where sealed bytes come from: an unbuffered binary file, or anything that seeks like one."""

    def seek(self, offset: int, whence: int = 0, /) -> int: ...
    def readinto(self, buffer: memoryview, /) -> int | None: ...
    def close(self) -> None: ...


def sealed_size(plain: int) -> int:
    """How many bytes `plain` bytes need once sealed."""
    segments = max(1, -(-(plain + HEADER) // (SEGMENT - TAG)))
    return HEADER + plain + TAG * segments


def plain_size(sealed: int) -> int:
    """How many plain bytes a sealed file of this size holds; `Damaged` for a size that none has."""
    plain = sealed - HEADER - TAG * max(1, -(-sealed // SEGMENT))
    if plain < 0 or sealed_size(plain) != sealed:
        raise Damaged("The sealed bytes have been cut.")
    return plain


def cipher(data_key: bytes, salt: bytes, associated: bytes) -> AESGCM:
    """The cipher of one file's segments."""
    if len(data_key) != KEY:
        raise ValueError("A data key has 32 bytes.")
    return AESGCM(HKDF(SHA256(), KEY, salt, associated).derive(data_key))


def nonce(prefix: bytes, number: int, last: bool) -> bytes:
    """One nonce per segment; beyond 2**32 segments (4 PiB) it overflows instead of repeating."""
    return prefix + number.to_bytes(4, "big") + (b"\1" if last else b"\0")


class Sealer:
    """Seals what is written to it into `sink`; `close()` writes the last segment, not the sink's end.

    Without `close()` the result counts as cut. Both buffers are reused: AESGCM's allocating calls hold
    the interpreter's lock for long.
    """

    def __init__(self, sink: Sink, data_key: bytes, associated: bytes) -> None:
        self._sink = sink
        salt, self._prefix = os.urandom(SALT), os.urandom(PREFIX)
        self._cipher = cipher(data_key, salt, associated)
        self._plain = memoryview(bytearray(SEGMENT - TAG))
        self._sealed = memoryview(bytearray(SEGMENT))
        self._sealed[:HEADER] = bytes([HEADER]) + salt + self._prefix
        self._number = 0
        self._filled = 0
        self._closed = False

    def write(self, data: Bytes) -> int:
        """Take all of `data`. A full segment waits until more comes: it might be the last one."""
        if self._closed:
            raise ValueError("This file has been sealed.")
        view = memoryview(data).cast("B")
        taken = 0
        while taken < len(view):
            if self._filled == self._room:
                self._flush(last=False)
            count = min(self._room - self._filled, len(view) - taken)
            self._plain[self._filled : self._filled + count] = view[taken : taken + count]
            self._filled += count
            taken += count
        return taken

    def close(self) -> None:
        if not self._closed:
            self._flush(last=True)
            self._closed = True

    @property
    def _start(self) -> int:
        """Where the ciphertext begins in its segment: the header counts into the first one."""
        return 0 if self._number else HEADER

    @property
    def _room(self) -> int:
        return SEGMENT - TAG - self._start

    def _flush(self, last: bool) -> None:
        end = self._start + self._filled + TAG
        mark = nonce(self._prefix, self._number, last)
        self._cipher.encrypt_into(mark, self._plain[: self._filled], None, self._sealed[self._start : end])
        put(self._sink, self._sealed[:end])
        self._number += 1
        self._filled = 0


def put(sink: Sink, data: memoryview) -> None:
    """Write all of it: an unbuffered file may take less than it is given."""
    while data:
        written = sink.write(data)
        data = data[len(data) if written is None else written :]


class SealedFile(io.BufferedIOBase):
    """The plain bytes of a sealed file, read-only and seekable; holds one segment at a time.

    It owns `raw` (an unbuffered binary file or a descriptor, whose position it moves) from the moment
    of the call and closes it, also when it refuses. The last segment is opened first, so a file that
    was cut anywhere raises `Damaged` before anything of it is believed. Not for two threads at once.
    """

    def __init__(self, raw: Source | int, data_key: bytes, associated: bytes, name: str = "") -> None:
        self.raw: Source = io.FileIO(raw) if isinstance(raw, int) else raw
        self.name = name
        try:
            self._open(data_key, associated)
        except BaseException:
            self.close()
            raise

    def _open(self, data_key: bytes, associated: bytes) -> None:
        self._sealed_size = self.raw.seek(0, os.SEEK_END)
        self.size = plain_size(self._sealed_size)
        header = bytearray(HEADER)
        self._fetch(0, memoryview(header))
        if header[0] != HEADER:
            raise self._damaged()
        self._prefix = bytes(header[-PREFIX:])
        self._cipher = cipher(data_key, bytes(header[1:-PREFIX]), associated)
        self._sealed = memoryview(bytearray(min(SEGMENT, self._sealed_size)))
        self._plain = bytearray(min(SEGMENT - TAG, self.size))
        self._position = 0
        self._number = -1
        self._load((self._sealed_size - 1) // SEGMENT)

    def read(self, size: int | None = -1, /) -> bytes:
        """`size` bytes, fewer only at the end; everything that is left without a size."""
        left = self.size if size is None or size < 0 else size
        pieces = []
        while left and (piece := self.read1(left)):
            pieces.append(piece)
            left -= len(piece)
        return b"".join(pieces)

    def read1(self, size: int = -1, /) -> bytes:
        """What is left of the current segment, at most `size` bytes; empty at the end only."""
        return bytes(self._take(self.size if size < 0 else size))

    def readinto(self, buffer: Any, /) -> int:
        view = memoryview(buffer).cast("B")
        filled = 0
        while filled < len(view) and (count := self.readinto1(view[filled:])):
            filled += count
        return filled

    def readinto1(self, buffer: Any, /) -> int:
        view = memoryview(buffer).cast("B")
        piece = self._take(len(view))
        view[: len(piece)] = piece
        return len(piece)

    def readline(self, size: int | None = -1, /) -> bytes:
        """One line. The inherited one asks for every byte alone."""
        left = self.size if size is None or size < 0 else size
        pieces: list[bytes] = []
        while left and not (pieces and pieces[-1].endswith(b"\n")):
            piece = bytes(self._take(left, upto=b"\n"))
            if not piece:
                break
            pieces.append(piece)
            left -= len(piece)
        return b"".join(pieces)

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Move; beyond the end there is nothing to read. Before the start is the error of any file, which
        readers of archives count on when they look for an end that a short file does not have."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self.size}[whence]
        if base + offset < 0:
            raise OSError(errno.EINVAL, "There is nothing before the start.")
        self._position = base + offset
        return self._position

    def tell(self) -> int:
        return self._position

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def close(self) -> None:
        if not self.closed:
            self.raw.close()
        super().close()

    def _take(self, limit: int, upto: bytes | None = None) -> memoryview:
        """Move over at most `limit` bytes of one segment, up to and with the first `upto`."""
        if self.closed:
            raise ValueError("This file has been closed.")
        if self._position >= self.size:
            return memoryview(b"")
        number, start = divmod(self._position + HEADER, SEGMENT - TAG)
        start -= 0 if number else HEADER
        self._load(number)
        stop = min(self._filled, start + limit)
        if upto is not None:
            stop = self._plain.find(upto, start, stop) + 1 or stop
        self._position += stop - start
        return memoryview(self._plain)[start:stop]

    def _load(self, number: int) -> None:
        """Open one segment, unless it is the one that is open."""
        if number == self._number:
            return
        self._number = -1  # what is in the buffer is nobody's until the tag has been verified
        start, stop = number * SEGMENT or HEADER, min((number + 1) * SEGMENT, self._sealed_size)
        sealed = self._sealed[: stop - start]
        self._fetch(start, sealed)
        self._filled = len(sealed) - TAG
        mark = nonce(self._prefix, number, last=stop == self._sealed_size)
        try:
            self._cipher.decrypt_into(mark, sealed, None, memoryview(self._plain)[: self._filled])
        except InvalidTag:
            raise self._damaged() from None
        self._number = number

    def _fetch(self, offset: int, buffer: memoryview) -> None:
        self.raw.seek(offset)
        while buffer:
            count = self.raw.readinto(buffer)
            if not count:
                raise self._damaged()
            buffer = buffer[count:]

    def _damaged(self) -> Damaged:
        return Damaged(f"The stored bytes of {self.name or 'this file'} are damaged.")
