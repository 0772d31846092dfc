"""Jobs: actions that run by the clock. A job is one function in one file with `@every(…)` above it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Work = Callable[[], None]


@dataclass(frozen=True)
class Job:
    name: str
    seconds: int
    work: Work


JOBS: dict[str, Job] = {}


def every(*, seconds: int) -> Callable[[Work], Work]:
    """Run a function again and again. Its name is its file's."""

    def register(work: Work) -> Work:
        name = work.__module__.rpartition(".")[2]
        JOBS[name] = Job(name, seconds, work)
        return work

    return register
