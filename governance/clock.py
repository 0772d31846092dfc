"""Celery's scheduler, which beats with every turn of its loop, and so /readyz hears of it."""

from __future__ import annotations

from typing import Any

from celery.beat import PersistentScheduler

from governance import health


class Clock(PersistentScheduler):
    """A loop that hangs stops beating, not only a process that has ended."""

    def tick(self, *args: Any, **kwargs: Any) -> float:
        health.beat(health.SCHEDULER)
        return min(super().tick(*args, **kwargs), health.EVERY)
