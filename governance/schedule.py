"""Jobs: actions that run by the clock. A job is one function in one file with `@every(…)` above it."""

from __future__ import annotations

from collections.abc import Callable

from celery.schedules import crontab

from config.celery import app

Work = Callable[[], str | None]
"""What a job does; it may say in a sentence what it changed."""

JOBS: dict[str, Work] = {}


def every(*, seconds: int) -> Callable[[Work], Work]:
    """Run a function again and again. Its name is its file's. A run that nobody picked up before the
    next one is due is dropped."""

    return planned(seconds, expires=seconds)


def at(*, hour: int, minute: int = 0, weekday: str = "*") -> Callable[[Work], Work]:
    """Run a function once a day, or on one `weekday` ("mon" to "sun"), at this time in UTC."""
    return planned(crontab(hour=hour, minute=minute, day_of_week=weekday), expires=6 * 3600)


def planned(schedule: int | crontab, *, expires: int) -> Callable[[Work], Work]:
    def register(work: Work) -> Work:
        name = work.__module__.rpartition(".")[2]
        JOBS[name] = work
        app.conf.beat_schedule[name] = {
            "task": run_job.name,
            "schedule": schedule,
            "args": [name],
            "options": {"expires": expires},
        }
        return work

    return register


@app.task(name="governance.run_job")
def run_job(name: str) -> None:
    JOBS[name]()
