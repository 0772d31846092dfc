"""Jobs: actions that run by the clock. A job is one function in one file with `@every(…)` or `@at(…)` above.

What a job returns stands on a page that stewards and auditors of every team read: counts, no names.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

Work = Callable[[], str | None]
"""What a job does; it may say in a sentence what it changed."""

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
UNITS = (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1))
SHORTEST_PATIENCE = timedelta(minutes=10)


@dataclass(frozen=True)
class Every:
    """Again and again. Turns are counted from 1970, so that they can be told without a memory."""

    seconds: int

    def latest(self, now: datetime) -> datetime:
        """The last turn that has come."""
        return datetime.fromtimestamp(int(now.timestamp()) // self.seconds * self.seconds, UTC)

    def next(self, now: datetime) -> datetime:
        return self.latest(now) + timedelta(seconds=self.seconds)

    @property
    def patience(self) -> timedelta:
        """How long a turn may be without a good end: two turns, but a restart of a server is no trouble."""
        return max(timedelta(seconds=2 * self.seconds), SHORTEST_PATIENCE)

    @property
    def often(self) -> bool:
        """Whether a row for every run would be more than anybody reads."""
        return self.seconds < 3600

    @property
    def rare(self) -> bool:
        """Whether a turn that fails, or is not taken, leaves a gap of a day or more."""
        return self.seconds >= 86400

    @property
    def words(self) -> str:
        unit, size = next(found for found in UNITS if self.seconds % found[1] == 0)
        number = self.seconds // size
        return f"every {unit}" if number == 1 else f"every {number} {unit}s"


@dataclass(frozen=True)
class At:
    """Once a day, or once a week when there is a `weekday` (0 is Monday), in UTC."""

    hour: int
    minute: int
    weekday: int | None = None
    patience = timedelta(hours=26)
    often = False
    rare = True

    def latest(self, now: datetime) -> datetime:
        """The last turn that has come."""
        turn = datetime.combine(now.astimezone(UTC), time(self.hour, self.minute), UTC)
        if self.weekday is not None:
            turn -= timedelta(days=(turn.weekday() - self.weekday) % 7)
        return turn if turn <= now else turn - self.period

    def next(self, now: datetime) -> datetime:
        return self.latest(now) + self.period

    @property
    def period(self) -> timedelta:
        return timedelta(days=1 if self.weekday is None else 7)

    @property
    def words(self) -> str:
        days = "daily" if self.weekday is None else f"on {NAMES[self.weekday]}s"
        return f"{days} at {self.hour:02}:{self.minute:02} UTC"


@dataclass(frozen=True)
class Job:
    """One job. Its name is its file's."""

    name: str
    work: Work
    plan: Every | At

    @property
    def label(self) -> str:
        return f"jobs/{self.name}"

    @property
    def about(self) -> str:
        """What it does: the first paragraph of its file."""
        text = sys.modules[self.work.__module__].__doc__ or ""
        return " ".join(text.strip().partition("\n\n")[0].split())


JOBS: dict[str, Job] = {}


def every(*, seconds: int) -> Callable[[Work], Work]:
    """Run a function again and again. What was missed is not made up for."""
    return planned(Every(seconds))


def at(*, hour: int, minute: int = 0, weekday: str = "*") -> Callable[[Work], Work]:
    """Run a function once a day, or on one `weekday` ("mon" to "sun"), at this time in UTC. A turn that
    was missed is made up for once."""
    time(hour, minute)  # refuses an hour that no day has
    return planned(At(hour, minute, None if weekday == "*" else DAYS.index(weekday)))


def planned(plan: Every | At) -> Callable[[Work], Work]:
    def register(work: Work) -> Work:
        name = work.__module__.rpartition(".")[2]
        if name in JOBS:
            raise ValueError(f"There are two jobs called {name}.")
        JOBS[name] = Job(name, work, plan)
        return work

    return register
