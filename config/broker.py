"""Celery's Redis transport without scripts, and without patience where somebody waits.

The embedded broker refuses scripts, and an own one may. Two things in Celery need them. Remote control is
switched off. The lock around "give back what was taken and never finished" is exchanged for one that
WATCHes its key while it lets go.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from typing import Any

import redis
from celery import Celery
from kombu import Connection
from kombu.transport import redis as transport

# Seconds that a request waits for a broker that hangs. Workers, whom nobody waits for, have the settings'.
PATIENCE = {"socket_timeout": 1, "socket_connect_timeout": 1}


class App(Celery):
    """What it publishes by has less patience than what it consumes by."""

    def connection_for_write(self, url: str | None = None, **options: Any) -> Connection:
        options["transport_options"] = {**(options.get("transport_options") or {}), **PATIENCE}
        return super().connection_for_write(url, **options)


def without_scripts(app: Celery) -> None:
    app.conf.worker_enable_remote_control = False
    transport.Mutex = mutex


@contextlib.contextmanager
def mutex(client: redis.Redis, name: str, expire: int) -> Iterator[None]:
    """Hold `name` for at most `expire` seconds, or raise MutexHeld at once."""
    mark = secrets.token_hex(16).encode()
    if not client.set(name, mark, nx=True, ex=expire):
        raise transport.MutexHeld
    try:
        yield
    finally:
        _let_go(client, name, mark)


def _let_go(client: redis.Redis, name: str, mark: bytes) -> None:
    """Delete the key only while it is ours: after its time it may be another's."""
    with client.pipeline() as pipe, contextlib.suppress(redis.WatchError):
        pipe.watch(name)  # type: ignore[no-untyped-call]
        if pipe.get(name) == mark:
            pipe.multi()
            pipe.delete(name)
            pipe.execute()
