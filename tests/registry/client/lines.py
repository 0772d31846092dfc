"""What lies between a client and its server: a line that breaks, and a server that means harm."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HARD = struct.pack("ii", 1, 0)


class Line:
    """A port that leads to the server. `breaks` says after how many bytes of a connection, upwards or
    downwards, it is cut; when the list is used up, the line holds. While `down`, nobody gets through."""

    def __init__(self, port: int) -> None:
        self.to = port
        self.breaks: list[tuple[str, int]] = []
        self.carried = 0
        self.down = False
        self.ends: list[socket.socket] = []
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.door.getsockname()[1]
        threading.Thread(target=self.open, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def open(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self.door.accept()
                if self.down:
                    near.close()
                    continue
                where = self.breaks.pop(0) if self.breaks else ("", 0)
                threading.Thread(target=self.join, args=(near, *where), daemon=True).start()

    def join(self, near: socket.socket, where: str, after: int) -> None:
        with near, socket.create_connection(("127.0.0.1", self.to)) as far:
            self.ends += [near, far]
            up, down = (after if where == way else None for way in ("up", "down"))
            ways = ((near, far, up), (far, near, down))
            threads = [threading.Thread(target=self.carry, args=way, daemon=True) for way in ways]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

    def carry(self, source: socket.socket, sink: socket.socket, left: int | None) -> None:
        with suppress(OSError):
            while piece := source.recv(1 << 16):
                self.carried += len(piece)
                sink.sendall(piece[:left])
                if left is not None and (left := left - len(piece)) <= 0:
                    return cut(source, sink)
            sink.shutdown(socket.SHUT_WR)
        return None

    def take_down(self) -> None:
        self.down = True
        cut(*self.ends)

    def close(self) -> None:
        with suppress(OSError):
            self.door.shutdown(socket.SHUT_RDWR)
        self.door.close()


def cut(*ends: socket.socket) -> None:
    """Without a word: what was on its way is lost."""
    for end in ends:
        with suppress(OSError):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, HARD)
            end.shutdown(socket.SHUT_RDWR)


@contextmanager
def line_to(port: int) -> Iterator[Line]:
    line = Line(port)
    yield line
    line.close()


class Harm(ThreadingHTTPServer):
    """Answers every GET with one document, or sends everybody elsewhere."""

    answer: Any = {}
    location = ""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, str]] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def end(self) -> None:
        self.shutdown()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    server: Harm

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers.get("Authorization", "")))
        content = json.dumps(self.server.answer).encode()
        self.send_response(307 if self.server.location else 200)
        self.send_header("Location", self.server.location)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_GET

    def log_message(self, *_: object) -> None:
        """Not into the tests' output."""
