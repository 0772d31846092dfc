"""The next range of a row, without asking again what cannot have changed.

A program that reads a file in parts asks for the same right hundreds of times a second. PostgreSQL tells in
one word which transactions a question sees. As long as that word is the one from before the right was looked
up, looking it up again would read the very same rows, so its answer stands. What ends by the clock writes
nothing: after a second the right is looked up in any case.
Why so, and what it costs: docs/decisions/0024-the-next-range.md.
"""

from __future__ import annotations

import hashlib
import io
import threading
import time
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass, field

import psycopg2
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import ResolverMatch

from governance.errors import Problem
from registry import storage
from registry.actions import ranges
from registry.crypto import SealedFile
from registry.models import File
from registry.sending import Sent, tag_of, wanted, within

LASTS = 1.0  # seconds
MOST = 8  # rows with an open file, of 2 MiB each
LARGEST = 1 << 20  # bytes that are read at once; a larger range is streamed
ABOUT = ("HTTP_HOST", "HTTP_X_FORWARDED_PROTO", "REMOTE_ADDR", "HTTP_X_FORWARDED_FOR", "QUERY_STRING")
CHANGES = ("HTTP_IF_RANGE", "HTTP_IF_NONE_MATCH", "HTTP_COOKIE")

Answer = Callable[[HttpRequest], HttpResponseBase]


@dataclass
class Row:
    """What the answer to one range says about the next one."""

    seen: str
    until: float
    file: File
    headers: dict[str, str]
    match: ResolverMatch | None
    stream: SealedFile
    lock: threading.Lock = field(default_factory=threading.Lock)

    def part(self, request: HttpRequest) -> HttpResponse | None:
        """The answer, or None where the long way has to find one."""
        file = self.file
        asked = wanted(request, tag_of(file))
        start, stop = (asked and within(asked, file.size)) or (0, 0)
        if not 0 < stop - start <= LARGEST or stop - start == file.size:
            return None  # the whole of it has an event of its own
        with suppress(Problem, OSError, ValueError), self.lock:
            self.stream.seek(start)
            content = self.stream.read(stop - start)
            request.resolver_match = self.match
            where = f"bytes {start}-{stop - 1}/{file.size}"
            said = {"Content-Range": where, "Content-Length": str(stop - start)}
            return HttpResponse(content, status=206, headers={**self.headers, **said})
        return None


_rows: dict[Hashable, Row] = {}
_changing = threading.Lock()


def next_ranges(answer: Answer) -> Answer:
    """Middleware around all that looks up who asks and what they may."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        key = key_of(request)
        seen = snapshot() if key else ""
        if not seen:
            return answer(request)
        row = _rows.get(key)
        if row and row.seen == seen and row.until > time.monotonic() and (part := row.part(request)):
            return part
        response = answer(request)
        begin(key, seen, request, response)
        return response

    return middleware


def key_of(request: HttpRequest) -> Hashable:
    """All of a request for a range that its answer depends on but the range itself; None for any other."""
    said = request.META
    token = said.get("HTTP_AUTHORIZATION")
    if not token or request.method != "GET" or not said.get("HTTP_RANGE") or any(map(said.get, CHANGES)):
        return None
    return request.path, hashlib.sha256(token.encode()).digest(), *(said.get(name) for name in ABOUT)


def snapshot() -> str:
    """Which transactions a question sees now. Empty where that cannot be told: without a connection, and
    inside a transaction, whose own writes do not show."""
    if connection.connection is None or connection.in_atomic_block:
        return ""
    with suppress(psycopg2.Error), connection.connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()")
        return str(cursor.fetchone()[0])
    return ""


def begin(key: Hashable, seen: str, request: HttpRequest, response: HttpResponseBase) -> None:
    """Remember what a range was answered by, for as long as the event of its row speaks for the next."""
    opened = response.opened if isinstance(response, Sent) else None
    until = min(ranges.until(opened.row), time.monotonic() + LASTS) if opened else 0.0
    stream = opened_anew(opened.file) if opened and until > time.monotonic() else None
    if opened is None or stream is None:
        return
    row = Row(seen, until, opened.file, dict(response.items()), request.resolver_match, stream)
    with _changing:
        for over in [each for each, kept in _rows.items() if each == key or kept.until < time.monotonic()]:
            end(over)
        while len(_rows) >= MOST:
            end(next(iter(_rows)))
        _rows[key] = row


def opened_anew(file: File) -> SealedFile | None:
    """None for a file that is far away: a bucket's answer is not to be kept waiting."""
    with suppress(Problem):
        stream = storage.open_blob(file.blob)
        if isinstance(stream.raw, io.FileIO):
            return stream
        stream.close()
    return None


def end(key: Hashable) -> None:
    row = _rows.pop(key, None)
    if row is not None:
        with row.lock:
            row.stream.close()
