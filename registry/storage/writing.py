"""One pass over what arrives: count, hash, seal, write; at the end there is a whole blob or nothing."""

from __future__ import annotations

import hashlib
import secrets
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from governance.errors import Conflict, Invalid
from registry import keys
from registry.crypto import KEY, Bytes, Sealer, sealed_size
from registry.storage.backends import backend

# Below this a piece is hashed sooner than it is handed to another thread.
WORTH_A_THREAD = 128 << 10


@dataclass(frozen=True)
class Stored:
    """What has to be remembered of a blob; `sha256` and `size` are of the plain bytes."""

    name: str
    sha256: str
    size: int
    key_version: int
    wrapped_key: bytes = field(repr=False)


class Digest:
    """SHA-256 beside the sealing: it is the slowest part of an upload and needs no interpreter's lock."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._pool: ThreadPoolExecutor | None = None
        self._running: Future[None] | None = None

    def update(self, piece: Bytes) -> None:
        """Take `piece`; it must not change before `wait`."""
        self.wait()
        if len(piece) < WORTH_A_THREAD:
            self._hash.update(piece)
            return
        self._pool = self._pool or ThreadPoolExecutor(1, thread_name_prefix="sha256")
        self._running = self._pool.submit(self._hash.update, piece)

    def wait(self) -> None:
        if self._running:
            self._running.result()
            self._running = None

    def hex(self) -> str:
        self.wait()
        return self._hash.hexdigest()

    def close(self) -> None:
        if self._pool:
            self._pool.shutdown()


class Writer:
    """A blob on its way, for whoever gets pieces pushed; leaving it without `finish` leaves nothing.

    with storage.Writer(size) as writer:
        for piece in pieces:
            writer.write(piece)
        stored = writer.finish()
    """

    def __init__(self, size: int | None = None) -> None:
        keys.load()  # away now means away before anything has been received
        self.size = size
        self.received = 0
        self.name = secrets.token_hex(16)
        self._data_key = secrets.token_bytes(KEY)
        self._sink = backend().create(self.name, None if size is None else sealed_size(size))
        self._sealer = Sealer(self._sink, self._data_key, self.name.encode())
        self._digest = Digest()
        self._open = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.abort()

    def write(self, piece: Bytes) -> int:
        """Take all of `piece`, at best about 1 MiB of it as `bytes`: others are waited for."""
        if not self._open:
            raise Conflict("This upload has ended.")
        self.received += len(piece)
        if self.size is not None and self.received > self.size:
            raise Invalid(f"{self.size} bytes were announced, more were received.")
        self._digest.update(piece)
        self._sealer.write(piece)
        if not isinstance(piece, bytes):
            self._digest.wait()
        return len(piece)

    def finish(self) -> Stored:
        """The blob is in the store for good when this returns."""
        if not self._open:
            raise Conflict("This upload has ended.")
        if self.size is not None and self.received < self.size:
            raise Invalid(f"{self.size} bytes were announced, {self.received} were received.")
        try:
            self._sealer.close()
            version, wrapped = keys.wrap(self._data_key, self.name)
            stored = Stored(self.name, self._digest.hex(), self.received, version, wrapped)
            self._sink.finish()
        except BaseException:
            self.abort()
            raise
        self._open = False
        self._digest.close()
        return stored

    def abort(self) -> None:
        """Leave nothing behind; nothing happens after `finish`."""
        if self._open:
            self._open = False
            self._digest.close()
            self._sink.abort()
