"""Ask the portal whether it is ready, with nothing but a socket: the parent stays small."""

import json
import socket
from dataclasses import dataclass


@dataclass
class Answer:
    alive: bool
    ready: bool
    away: list[str]


def ask(host: str, port: int, *, tls: bool) -> Answer:
    """What /readyz says; a portal that does not answer is not alive."""
    try:
        status, body = _get(host, port, "/readyz", tls)
        found = json.loads(body).get("parts", {})
    except (OSError, ValueError):
        return Answer(alive=False, ready=False, away=[])
    away = [name for name, state in found.items() if not state.get("ok")]
    return Answer(alive=True, ready=status == 200, away=away)


def _get(host: str, port: int, path: str, tls: bool) -> tuple[int, bytes]:
    connection = socket.create_connection((_reachable(host), port), timeout=5)
    if tls:
        connection = _secured(connection)
    with connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        head, _, body = connection.makefile("rb").read().partition(b"\r\n\r\n")
    if not head:
        raise ConnectionError("it ended before it answered")
    return int(head.split()[1]), body


def _secured(connection: socket.socket) -> socket.socket:
    """Our own server on this machine: whose name its certificate bears does not matter here."""
    import ssl  # 8 MB that a parent without TLS does without

    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(connection)


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
