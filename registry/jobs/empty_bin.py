"""Purge what has lain in a bin for 30 days. What is on legal hold stays."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from django.db import DatabaseError

from governance.errors import Conflict, Problem
from governance.models import User
from governance.schedule import every
from governance.templatetags.words import counted
from registry import actions
from registry.models import Deletion

BATCH = 100
logger = logging.getLogger("steward.bin")


@every(seconds=3600)
def empty_bin() -> str | None:
    """One that cannot be purged keeps no other; at the end the administrator hears of it."""
    purged, broken = 0, []
    for deletion in due():
        try:
            purged += actions.purge(deletion, by=User.system())
        except (Problem, DatabaseError):
            logger.exception("%s could not be purged", deletion.label)
            broken.append(deletion.label)
    said = f"Purged {counted(purged, 'thing')} from bins." if purged else ""
    if broken:
        raise Conflict(f"{said} {counted(len(broken), 'thing')} could not be: {broken[0]}.".strip())
    return said or None


def due() -> Iterator[Deletion]:
    """What is over, the oldest first, a batch at a time."""
    after = 0
    while batch := list(Deletion.objects.over().with_things().filter(pk__gt=after).order_by("pk")[:BATCH]):
        yield from batch
        after = batch[-1].pk
