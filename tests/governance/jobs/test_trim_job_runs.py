"""Old runs are forgotten, but not what tells since when there is trouble."""

from __future__ import annotations

from datetime import timedelta

import pytest

from governance.jobs.trim_job_runs import trim_job_runs
from governance.models import JobRun
from tests.governance.jobs_at_work import TURN

pytestmark = pytest.mark.django_db


def runs(count: int, outcome: str = "done", job: str = "tidy") -> list[int]:
    """As many, by turns of a minute, the oldest first."""
    start = JobRun.objects.count()
    return [
        JobRun.objects.create(job=job, due_at=TURN + timedelta(minutes=start + number), outcome=outcome).pk
        for number in range(count)
    ]


def left() -> list[int]:
    return list(JobRun.objects.order_by("pk").values_list("pk", flat=True))


def test_the_last_200_of_each_job_are_kept():
    tidy, other = runs(203), runs(3, job="other")

    said = trim_job_runs()

    assert (said, left()) == ("Forgot 3 old runs of jobs.", [*tidy[3:], *other])


def test_the_last_good_end_and_what_came_next_are_kept_however_old():
    good, bad = runs(2), runs(250, "failed")

    trim_job_runs()

    assert left() == [good[1], bad[0], *bad[-200:]]


def test_what_goes_on_is_kept():
    (going_on,) = runs(1, "")
    ended = runs(201)

    trim_job_runs()

    assert left() == [going_on, *ended[1:]]


def test_with_few_runs_nothing_goes_and_nothing_is_said():
    few = runs(200)

    assert (trim_job_runs(), left()) == (None, few)
