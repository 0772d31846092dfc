"""Jobs made for a test, in a register of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from governance import schedule
from governance.models import JobRun
from governance.schedule import At, Every, Job

NIGHTLY = At(2, 30)
OFTEN = Every(20)
EVENING = datetime(2026, 11, 26, 20, 0, tzinfo=UTC)
MORNING = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
TURN = datetime(2026, 11, 27, 2, 30, tzinfo=UTC)

Add = Callable[..., Job]


def register() -> Iterator[Add]:
    """A register with nothing in it but what the test adds."""
    known = dict(schedule.JOBS)
    schedule.JOBS.clear()

    def add(name: str = "tidy", plan: Every | At = NIGHTLY, work: schedule.Work = lambda: None) -> Job:
        schedule.JOBS[name] = Job(name, work, plan)
        return schedule.JOBS[name]

    yield add
    schedule.JOBS.clear()
    schedule.JOBS.update(known)


def planned(job: Job, **fields: Any) -> JobRun:
    return JobRun.objects.create(job=job.name, **{"due_at": TURN, **fields})


def outcomes(job: Job) -> list[str]:
    """How its runs went, the oldest first."""
    return [run.state for run in JobRun.objects.of(job).order_by("pk")]


jobs = pytest.fixture(register)
