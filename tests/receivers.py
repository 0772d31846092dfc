"""Servers of others, on this machine: one that takes webhooks and one that takes mail. Both can misbehave."""

from __future__ import annotations

import base64
import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Got:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


class Hook(ThreadingHTTPServer):
    """A receiver of webhooks. `answer` is a status, or what is done with the handler instead of answering."""

    daemon_threads = True
    answer: int | Callable[[BaseHTTPRequestHandler], None] = 204

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.got: list[Got] = []
        self.scheme = "https" if tls else "http"
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    @property
    def url(self) -> str:
        return f"{self.scheme}://localhost:{self.server_port}/hook?team=1"

    def handle_error(self, *_: Any) -> None:
        """A client that goes away is what these tests are about."""


class Handler(BaseHTTPRequestHandler):
    server: Hook

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append(Got(self.path, dict(self.headers), body))
        if callable(self.server.answer):
            self.server.answer(self)
            return
        self.send_response(self.server.answer)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@contextlib.contextmanager
def running(hook: Hook) -> Iterator[Hook]:
    thread = threading.Thread(target=hook.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield hook
    finally:
        hook.shutdown()
        thread.join()
        hook.server_close()


# What a hook may do instead of answering.


def hang(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(30)


def drip(handler: BaseHTTPRequestHandler) -> None:
    """One byte of a head now and then, without end."""
    with contextlib.suppress(OSError):
        for byte in b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1000:
            handler.wfile.write(bytes([byte]))
            time.sleep(0.1)


def flood(handler: BaseHTTPRequestHandler) -> None:
    """An answer that never ends."""
    with contextlib.suppress(OSError):
        handler.send_response(200)
        handler.end_headers()
        while True:
            handler.wfile.write(b"x" * 65536)


def redirect(to: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(307)
        handler.send_header("Location", to)
        handler.end_headers()

    return answer


# ------------------------------------------------------------------ mail


@dataclass
class MailServer:
    """A small SMTP server. `replies` say what it answers to a word instead of yes; `cut_after` is the word
    after which it hangs up, "." being the end of a letter; `hang_at` where it falls silent."""

    replies: dict[str, str] = field(default_factory=dict)
    cut_after: str = ""
    hang_at: str = ""
    tls: ssl.SSLContext | None = None
    letters: list[bytes] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    logins: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                threading.Thread(target=self.talk, args=(connection,), daemon=True).start()

    def stop(self) -> None:
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def talk(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError, ValueError):
            if self.hang_at == "hello":
                time.sleep(30)
            connection.sendall(b"220 here\r\n")
            self.listen(connection)

    def listen(self, connection: socket.socket) -> None:
        lines = connection.makefile("rb")
        while line := lines.readline():
            word = line.split()[0].decode().upper()
            self.words.append(word)
            if word == "DATA" and word not in self.replies:
                connection.sendall(b"354 go on\r\n")
                self.letters.append(self.letter(lines))
                word = "."
                self.words.append(word)
            if word == self.hang_at:
                time.sleep(30)
            if word == self.cut_after:
                return
            connection.sendall(f"{self.reply(word, line)}\r\n".encode())
            if word == "STARTTLS" and self.tls:
                with self.tls.wrap_socket(connection, server_side=True) as secured:
                    self.listen(secured)
                return

    def reply(self, word: str, line: bytes) -> str:
        if word == "AUTH":
            self.logins.append(base64.b64decode(line.split()[2]))
        usual = {"EHLO": self.greeting(), "STARTTLS": "220 go on", "AUTH": "235 welcome", "QUIT": "221 bye"}
        return self.replies.get(word, usual.get(word, "250 yes"))

    def greeting(self) -> str:
        return "250-here\r\n250-STARTTLS\r\n250 AUTH PLAIN" if self.tls else "250 here"

    def letter(self, lines: Any) -> bytes:
        found = b""
        while (line := lines.readline()) not in {b".\r\n", b""}:
            found += line
        return found
