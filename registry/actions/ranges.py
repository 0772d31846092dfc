"""Ranges of one file, fetched one after another, are one row and on the record as one.

Its event is written before the first byte of the first range leaves. For a minute after its commit it speaks
for further ranges of the same bytes by the same program from the same address. The right is live for each,
see registry/next_ranges.py. What the trail then says: docs/decisions/0020-rows-of-ranges.md.
"""

from __future__ import annotations

import json
import time
from functools import partial
from typing import Any

from django.db import transaction

from governance import audit
from governance.models import User
from governance.origin import origin
from registry.models import Version

LASTS = 60.0  # seconds
MOST = 1000  # rows that are known; one more and all begin anew, each with its event

_until: dict[tuple[Any, ...], float] = {}


Row = tuple[Any, ...] | None


def record(version: Version, what: dict[str, object], by: User) -> Row:
    """The event of a range, unless the row that it belongs to has one. Says which row that is."""
    row = row_of(version, what, by)
    if until(row) > time.monotonic():
        return row
    audit.record("version.download", version, by=by, after={**what, "ranges": True})
    if row is not None:
        transaction.on_commit(partial(begin, row))
    return row


def until(row: Row) -> float:
    """Until when its event speaks for further ranges of a row, as time.monotonic() has it."""
    return _until.get(row, 0.0) if row else 0.0


def row_of(version: Version, what: dict[str, object], by: User) -> Row:
    """All that the event of a range would say but its time. None: it has an event of its own, since no token
    tells one program from another, or since somebody goes on knowing of a danger."""
    if by.token is None or "acknowledged" in what:
        return None
    said = json.dumps(what, sort_keys=True)
    return by.pk, by.token.pk, origin.get().address, version.pk, version.label, version.digest, said


def begin(row: tuple[Any, ...]) -> None:
    if len(_until) >= MOST:
        _until.clear()
    _until[row] = time.monotonic() + LASTS
