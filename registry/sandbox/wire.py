"""What worker, parent and child say to each other over Unix sockets: JSON with its length before it.

The child is hostile once it has seen the bytes: everything it says is bounded here and validated in
`reports.py`.
"""

from __future__ import annotations

import json
import os
import select
import socket
from dataclasses import dataclass, field
from struct import Struct
from time import monotonic
from typing import Any

LENGTH = Struct("!I")
STATUS = Struct("!i")  # how a child ended, as subprocess counts: below zero is a signal
LARGEST = 1 << 20
BLOCK = 1 << 16
LIBRARY = {"failed": "library"}  # a check needs what can no longer be imported


class Lies(Exception):
    """The other side said something that nobody who means well says."""


class TooLarge(ValueError):
    """A message beyond `LARGEST`."""


@dataclass(frozen=True, slots=True)
class Job:
    """What a child is asked to do. The descriptor of the sealed file travels with it; without one, the
    child only says which walls stand. `key` is in hexadecimal digits; a `plain` file was never sealed.
    `declared` is what people say about the columns of the dataset."""

    path: str = ""
    blob: str = ""
    key: str = ""
    plain: bool = False
    checks: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()
    declared: dict[str, Any] = field(default_factory=dict)


def pack(message: dict[str, Any]) -> bytes:
    """`TooLarge`, or another `ValueError` or a `TypeError` for what is not JSON."""
    text = json.dumps(message, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    content = text.encode("utf-8", "replace")
    if len(content) > LARGEST:
        raise TooLarge
    return LENGTH.pack(len(content)) + content


def unpack(text: bytes) -> dict[str, Any]:
    try:
        message = json.loads(text, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise Lies("It reported something that is not JSON.") from error
    if not isinstance(message, dict):
        raise Lies("It reported something that is not an object.")
    return message


def refuse(constant: str) -> None:
    raise ValueError(constant)


def send(descriptor: int, message: bytes) -> None:
    """Write all of it."""
    while message:
        message = message[os.write(descriptor, message) :]


class Reader:
    """Messages from a socket, each with a deadline and a largest size. `begun` has been read already."""

    def __init__(self, source: socket.socket, begun: bytes = b"") -> None:
        self._source = source
        self._buffer = bytearray(begun)

    def next(self, seconds: float) -> dict[str, Any] | None:
        """The next message; `None` when the other side is gone; `TimeoutError` when the time is up."""
        deadline = monotonic() + seconds
        if not self._fill(LENGTH.size, deadline):
            return None
        (length,) = LENGTH.unpack(self._buffer[: LENGTH.size])
        if length > LARGEST:
            raise Lies("It reported more than 1 MiB.")
        if not self._fill(LENGTH.size + length, deadline):
            return None
        text = bytes(self._buffer[LENGTH.size : LENGTH.size + length])
        del self._buffer[: LENGTH.size + length]
        return unpack(text)

    def more(self, seconds: float) -> bool:
        """Whether anything more comes within that time."""
        poll = select.poll()
        poll.register(self._source, select.POLLIN)
        return bool(self._buffer or poll.poll(seconds * 1000))

    def _fill(self, size: int, deadline: float) -> bool:
        poll = select.poll()
        poll.register(self._source, select.POLLIN)
        while len(self._buffer) < size:
            if not poll.poll(max(0.0, deadline - monotonic()) * 1000):
                raise TimeoutError
            try:
                block = self._source.recv(BLOCK)
            except ConnectionResetError:
                return False
            if not block:
                return False
            self._buffer += block
        return True
