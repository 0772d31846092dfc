"""When jobs are due, worked out without a memory."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from governance import schedule
from governance.schedule import JOBS, At, Every, Job, at, every


def when(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("plan", "now", "latest", "following"),
    [
        (Every(20), "2026-11-27 10:00:19", "2026-11-27 10:00:00", "2026-11-27 10:00:20"),
        (Every(20), "2026-11-27 10:00:20", "2026-11-27 10:00:20", "2026-11-27 10:00:40"),
        (Every(3600), "2026-11-27 10:59:59", "2026-11-27 10:00:00", "2026-11-27 11:00:00"),
        (At(2, 30), "2026-11-27 02:29:59", "2026-11-26 02:30:00", "2026-11-27 02:30:00"),
        (At(2, 30), "2026-11-27 02:30:00", "2026-11-27 02:30:00", "2026-11-28 02:30:00"),
        (At(0, 0), "2026-03-01 00:00:00", "2026-03-01 00:00:00", "2026-03-02 00:00:00"),
        (At(23, 59), "2027-01-01 00:00:00", "2026-12-31 23:59:00", "2027-01-01 23:59:00"),
        (At(6, 0, 0), "2026-11-27 10:00:00", "2026-11-23 06:00:00", "2026-11-30 06:00:00"),
        (At(6, 0, 0), "2026-11-30 05:59:59", "2026-11-23 06:00:00", "2026-11-30 06:00:00"),
        (At(6, 0, 0), "2026-11-30 06:00:00", "2026-11-30 06:00:00", "2026-12-07 06:00:00"),
        (At(6, 0, 6), "2026-11-30 06:00:00", "2026-11-29 06:00:00", "2026-12-06 06:00:00"),
    ],
)
def test_the_last_turn_and_the_next_one(plan, now, latest, following):
    assert (plan.latest(when(now)), plan.next(when(now))) == (when(latest), when(following))


def test_a_turn_is_told_in_utc_whatever_the_zone():
    now = datetime.fromisoformat("2026-11-27T01:00:00+05:00")

    assert At(19, 30).latest(now) == when("2026-11-26 19:30")


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        (Every(20), "every 20 seconds"),
        (Every(60), "every minute"),
        (Every(5400), "every 90 minutes"),
        (Every(3600), "every hour"),
        (At(2, 5), "daily at 02:05 UTC"),
        (At(6, 0, 0), "on Mondays at 06:00 UTC"),
    ],
)
def test_a_plan_in_words(plan, words):
    assert plan.words == words


@pytest.mark.parametrize(
    ("plan", "patience"),
    [
        (Every(20), timedelta(minutes=10)),
        (Every(3600), timedelta(hours=2)),
        (At(2, 30), timedelta(hours=26)),
        (At(6, 0, 0), timedelta(hours=26)),
    ],
)
def test_a_good_end_is_waited_for_two_turns_or_26_hours(plan, patience):
    assert plan.patience == patience


@pytest.mark.parametrize("wrong", [{"hour": 24}, {"hour": 2, "minute": 60}, {"hour": 2, "weekday": "monday"}])
def test_a_time_that_no_day_has_is_refused_when_the_job_is_loaded(wrong):
    with pytest.raises(ValueError):
        at(**wrong)


def test_a_job_is_called_like_its_file_and_says_what_its_file_says(monkeypatch):
    monkeypatch.setattr(schedule, "JOBS", {})

    @every(seconds=20)
    def something() -> None:
        """Not this."""

    (job,) = schedule.JOBS.values()
    assert (job.name, job.label, job.work) == ("test_schedule", "jobs/test_schedule", something)
    assert job.about == "When jobs are due, worked out without a memory."


def test_two_jobs_of_one_name_stop_the_server(monkeypatch):
    monkeypatch.setattr(schedule, "JOBS", {})
    every(seconds=20)(print)

    with pytest.raises(ValueError) as twice:
        every(seconds=30)(print)

    assert str(twice.value) == "There are two jobs called builtins."


def test_every_job_says_what_it_does():
    assert [job.name for job in JOBS.values() if not (isinstance(job, Job) and len(job.about) > 20)] == []
