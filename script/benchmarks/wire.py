"""A client that costs next to nothing: one socket, requests as bytes, bodies that are not looked at."""

import os
import re
import socket
import struct
from types import TracebackType
from typing import Self

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
PIECE = 1 << 20
PATIENCE = 120


class Connection:
    """Kept alive. A refusal is an error: what is refused quickly is not fast."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        for wait in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):  # Python's own would make it non-blocking
            self._socket.setsockopt(socket.SOL_SOCKET, wait, struct.pack("ll", PATIENCE, 0))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._buffer = memoryview(bytearray(PIECE))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._socket.close()

    def ask(self, request: bytes) -> bytes:
        """Send a whole request, return the body of its answer."""
        self.send(request)
        return self.answer()

    def send(self, request: bytes) -> None:
        self._socket.sendall(request)

    def answer(self) -> bytes:
        rest, left = self._head()
        pieces = [rest]
        while left > 0:
            pieces.append(self._some(left))
            left -= len(pieces[-1])
        return b"".join(pieces)

    def drain(self, request: bytes) -> int:
        """Send a request and throw the body of its answer away; how long it was."""
        self.send(request)
        rest, left = self._head()
        size = len(rest) + left
        while left > 0:
            count = self._socket.recv_into(self._buffer, min(left, PIECE))
            if not count:
                raise ConnectionError("the server hung up inside a body")
            left -= count
        return size

    def pour(self, head: bytes, content: int, times: int) -> bytes:
        """Send a body that is `times` what the open file `content` holds, from the kernel's own pages."""
        self.send(head)
        size = os.fstat(content).st_size
        for _ in range(times):
            sent = 0
            while sent < size:
                sent += os.sendfile(self._socket.fileno(), content, sent, size - sent)
        return self.answer()

    def _head(self) -> tuple[bytes, int]:
        """What came of the body with the head, and how much of it is still to come."""
        read = b""
        while (end := read.find(b"\r\n\r\n")) < 0:
            read += self._some(PIECE)
        rest = read[end + 4 :]
        length = LENGTH.search(read, 0, end + 2)
        left = int(length[1]) - len(rest) if length else 0
        if read[9:10] != b"2":
            raise RuntimeError(
                f"{read[:end].decode(errors='replace')}\n\n{rest[:2000].decode(errors='replace')}"
            )
        return rest, left

    def _some(self, most: int) -> bytes:
        piece = self._socket.recv(min(most, PIECE))
        if not piece:
            raise ConnectionError("the server hung up")
        return piece


def request(method: str, path: str, body: bytes = b"", size: int | None = None, **headers: str) -> bytes:
    """A request as bytes. With `size` the body is sent afterwards."""
    length = len(body) if size is None else size
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if length or method != "GET":
        lines.append(f"Content-Length: {length}")
    return "\r\n".join([*lines, "", ""]).encode() + body
