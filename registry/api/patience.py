"""Waiting for checks to end, by few at a time: whoever waits keeps a thread and a connection."""

from __future__ import annotations

import threading
import time

from django.db.models import F, Q

from registry.models import CheckResult, Version

LONGEST = 60
WAITERS = 8
FIRST, LAST = 0.1, 1.0  # seconds between two looks

_places = threading.BoundedSemaphore(WAITERS)


def wait_for_checks(version: Version, seconds: float) -> None:
    """Return when every check that was asked for has answered, or time is up; at once when all places
    are taken, so that 300 who wait cannot keep others from being served."""
    until = time.monotonic() + min(seconds, LONGEST)
    if not seconds or not _places.acquire(blocking=False):
        return
    try:
        pause = FIRST
        while unfinished(version) and (left := until - time.monotonic()) > 0:
            time.sleep(min(pause, left))
            pause = min(LAST, pause * 1.5)
    finally:
        _places.release()


def unfinished(version: Version) -> bool:
    unanswered = Q(finished_at=None) | Q(finished_at__lt=F("asked_at"))
    return CheckResult.objects.filter(unanswered, version=version).exists()
