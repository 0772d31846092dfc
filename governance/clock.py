"""Celery's scheduler: with every turn of its loop it plans the jobs and beats, and so /readyz hears of it.

The loop sleeps by a clock that nobody can put back, and remembers nothing: what is due is read from rows.
"""

from __future__ import annotations

import logging
from typing import Any

from celery.beat import PersistentScheduler
from django.db import Error, close_old_connections

from governance import health, planning

logger = logging.getLogger("steward.jobs")


class Clock(PersistentScheduler):
    """A loop that hangs stops beating, not only a process that has ended."""

    def tick(self, *args: Any, **kwargs: Any) -> float:
        health.beat(health.SCHEDULER)
        plan()
        return min(super().tick(*args, **kwargs), health.EVERY)


def plan() -> None:
    """What fails is tried again with the next turn: the scheduler itself goes on."""
    try:
        close_old_connections()
        planning.turn()
    except Error as error:
        logger.warning("the jobs wait for the database: %s", type(error).__name__)
    except Exception:
        logger.exception("the jobs could not be planned")
