"""What is known of how a version is run, or of how a team runs what it has, as the checks of operation see
it: what people declare, and beside it what is registered here, which outranks what is declared.

    chances.py   tests of two shares and of how they were split
    graphs.py    parts of a network whose loss cuts it in two
    seasons.py   what is left of a series without its trend and its season
    money.py     costs over years, in today's money
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from registry.checks import Issue, Severity
from registry.evaluating import Statement

Profile = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Served:
    """The tables of a dataset of what was served, each with its reference of the same path, as measured here;
    `needs` says what is lacking instead."""

    statement: Statement
    pairs: tuple[tuple[Profile, Profile], ...] = ()
    reference: str = ""
    needs: str = ""


@dataclass(frozen=True, slots=True)
class Stored:
    """What a team stores: names of versions that nothing refers to and nobody read, and their bytes; bytes
    that are pushed more than once, which are stored once."""

    unused: tuple[str, ...] = ()
    unused_bytes: int = 0
    again_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Operation:
    """Of one version, or of a team when `kind` is "team". `records` are those that stand, the newest first,
    by their kind. `trainings`, `evaluations` and `golden` are as checks of evidence see them, `before` the
    labels of the two frozen versions before this one, `unsafe` the open findings of the files (None: the
    checks have not finished), `rows` those that were measured in each table, `fresh` how many seconds old the
    training data may be by its contract."""

    kind: Literal["model", "dataset", "team"]
    now: datetime
    records: dict[str, tuple[Statement, ...]] = field(default_factory=dict)
    limits: dict[str, float] = field(default_factory=dict)
    digest: str = ""
    before: tuple[str, ...] = ()
    unsafe: tuple[str, ...] | None = ()
    trainings: tuple[Statement, ...] = ()
    evaluations: tuple[Statement, ...] = ()
    golden: tuple[Statement, ...] = ()
    served: tuple[Served, ...] = ()
    rows: dict[str, int] = field(default_factory=dict)
    fresh: float | None = None
    stored: Stored | None = None

    def newest(self, kind: str, *by: str) -> list[Statement]:
        """Of each artifact, and of each value of these fields, the newest record."""
        found: dict[tuple[str, ...], Statement] = {}
        for each in self.records.get(kind, ()):
            key = each.about, *(str(each.data.get(name, "")) for name in by)
            found.setdefault(key, each)
        return list(found.values())


def said(statement: Statement, severity: Severity, name: str, text: str) -> Issue:
    """What is wrong with something declared: it says that it was."""
    about = f"{statement.about}: " if statement.about else ""
    whole = f"{about}{text} Declared in {statement.place}."
    return Issue(severity, whole, f"{name}:{statement.key}", statement.place)


def moment(value: Any) -> datetime | None:
    """A time that exists; nothing for one that does not, such as in month 19."""
    try:
        return datetime.fromisoformat(str(value)).astimezone(UTC) if value else None
    except (ValueError, OverflowError):
        return None


def days_since(value: Any, now: datetime) -> float | None:
    """How many days ago that was; nothing for what is no time, or has not come yet."""
    at = moment(value)
    if at is None or at > now:
        return None
    return (now - at).total_seconds() / 86400


def share(part: float, whole: float) -> float | None:
    """Nothing where there was nothing, or more of a part than of the whole."""
    return part / whole if whole > 0 and part <= whole else None


def percent(value: float) -> str:
    return f"{100 * value:.4g} %"
