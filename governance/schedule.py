"""Jobs: actions that run by the clock. A job is one function in one file with `@every(…)` above it."""

from __future__ import annotations

from collections.abc import Callable

from config.celery import app

Work = Callable[[], None]

JOBS: dict[str, Work] = {}


def every(*, seconds: int) -> Callable[[Work], Work]:
    """Run a function again and again. Its name is its file's. A run that nobody picked up before the
    next one is due is dropped."""

    def register(work: Work) -> Work:
        name = work.__module__.rpartition(".")[2]
        JOBS[name] = work
        app.conf.beat_schedule[name] = {
            "task": run_job.name,
            "schedule": seconds,
            "args": [name],
            "options": {"expires": seconds},
        }
        return work

    return register


@app.task(name="governance.run_job")
def run_job(name: str) -> None:
    JOBS[name]()
