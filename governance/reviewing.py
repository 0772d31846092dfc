"""What a weekly review looks for. Apps add kinds of proposals with `@proposes`; nothing here acts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from governance import subjects
from governance.models import Review, Team, User

UNUSED = timedelta(days=90)
SOON = timedelta(days=14)
MOST = 500


@dataclass(frozen=True)
class Proposal:
    """A sentence that stands alone, and the label of what it is about."""

    sentence: str
    label: str


Propose = Callable[[Team, datetime], Iterable[Proposal]]

KINDS: dict[str, tuple[str, Propose]] = {}


def proposes(title: str) -> Callable[[Propose], Propose]:
    """Add a kind of proposals: `function(team, now)` yields them, those that matter most first."""

    def register(function: Propose) -> Propose:
        KINDS[function.__name__] = (title, function)
        return function

    return register


def proposals(team: Team, now: datetime) -> list[dict[str, Any]]:
    """Every kind that has something to propose, as JSON; of each at most 500."""
    found = [kind(title, islice(function(team, now), MOST + 1)) for title, function in KINDS.values()]
    return [one for one in found if one["entries"]]


def kind(title: str, found: Iterable[Proposal]) -> dict[str, Any]:
    entries = [asdict(proposal) for proposal in found]
    count = f"{MOST}+" if len(entries) > MOST else str(len(entries))
    return {"title": title, "count": count, "entries": entries[:MOST]}


def number(kinds: Iterable[dict[str, Any]]) -> int:
    """How many proposals there are; of each kind at most 500 are counted."""
    return sum(len(one["entries"]) for one in kinds)


def seen(review: Review, person: User) -> list[dict[str, Any]]:
    """What of a review is about things that this person may see, and that are still there."""
    labels = [entry["label"] for one in review.proposals for entry in one["entries"]]
    visible = subjects.visible(person, labels)
    kinds = [
        {**one, "entries": [entry for entry in one["entries"] if entry["label"] in visible]}
        for one in review.proposals
    ]
    return [one for one in kinds if one["entries"]]
