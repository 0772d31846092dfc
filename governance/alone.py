"""Whether nobody else does the same now: a lock of the database that dies with its connection, so that who
works is told from who was killed at work."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def alone(space: int, key: int) -> Iterator[bool]:
    """Whether this is the only one. Both are 31-bit numbers; a space is what keys are of."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [space, key])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [space, key])


def key_of(name: str) -> int:
    """A name as a key. Two that meet wait for each other, which does no harm."""
    return zlib.crc32(name.encode()) % 2**31
