"""Asking the portal whether it is ready."""

from __future__ import annotations

import socket
import threading

import pytest

from config.stack import ready


def answering(said: bytes) -> int:
    """The port of something that says this to the first who asks, and hangs up."""
    door = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        with door, door.accept()[0] as near:
            near.recv(1000)
            near.sendall(said)

    threading.Thread(target=answer, daemon=True).start()
    port: int = door.getsockname()[1]
    return port


OK = b'HTTP/1.1 200 OK\r\n\r\n{"parts": {"database": {"ok": true}}}'
AWAY = b'HTTP/1.1 503 No\r\n\r\n{"parts": {"database": {"ok": false}}}'


@pytest.mark.parametrize(
    ("said", "alive", "is_ready", "away"),
    [
        (OK, True, True, []),
        (AWAY, True, False, ["database"]),
        (b"", False, False, []),
        (b"HTTP/1.1 200 OK\r\n\r\n", False, False, []),
    ],
    ids=["ready", "away", "killed before it answers", "killed meanwhile"],
)
def test_what_the_portal_says_is_understood(
    said: bytes, alive: bool, is_ready: bool, away: list[str]
) -> None:
    answer = ready.ask("127.0.0.1", answering(said), tls=False)

    assert answer == ready.Answer(alive=alive, ready=is_ready, away=away)


def test_a_port_where_nobody_listens_is_not_alive() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]

    assert ready.ask("127.0.0.1", port, tls=False).alive is False
