"""From a label to the thing itself: what approvals and events are about.

Governance knows nothing of artifacts. Apps above register how to find theirs; what a person may not see
is not found.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from governance.errors import Absent
from governance.models import User


@dataclass(frozen=True)
class Subject:
    """One kind of thing. `find(person, **groups)` gets the named groups of `pattern`."""

    name: str
    pattern: re.Pattern[str]
    find: Callable[..., Any]
    url: Callable[[Mapping[str, str]], str]
    evidence: Callable[..., dict[str, Any]] | None = None
    """What an approval of it binds, as JSON: `evidence(thing, alias)`."""
    lock: Callable[[Any], None] | None = None
    """Hold everything else that would change it until the transaction ends."""
    can_be_approved: Callable[[Any, str], None] | None = None
    """Raise why nobody can say yes to it, whoever they are: `can_be_approved(thing, alias)`."""
    needed: Callable[[Any, str], int] | None = None
    """How many people have to say yes to it: `needed(thing, alias)`. One where that is not said."""
    by_roles: Callable[[Any, str], Collection[str]] | None = None
    """Whose yes counts: `by_roles(thing, alias)`. That of stewards where it is not said."""
    called: Callable[..., list[str]] | None = None
    """Every label that it has or had: `called(person, **groups)`."""
    seen: Callable[[User, Collection[str]], set[str]] | None = None
    """Which of these labels a person may see, in few queries however many; without it each is looked for."""


_subjects: list[Subject] = []


def register(subject: Subject) -> None:
    _subjects.append(subject)


def match(label: str) -> tuple[Subject, Mapping[str, str]] | None:
    for subject in _subjects:
        found = subject.pattern.fullmatch(label)
        if found:
            return subject, found.groupdict()
    return None


def nearest(label: str) -> tuple[Subject, str] | None:
    """The kind and the label of what a label is part of: a finding's of its version."""
    parts = label.split("/")
    wholes = ("/".join(parts[:end]) for end in range(len(parts), 0, -1))
    return next(((matched[0], whole) for whole in wholes if (matched := match(whole))), None)


def team(label: str) -> str:
    """The slug of the team that a label says it belongs to, or nothing."""
    found = nearest(label)
    groups = match(found[1]) if found else None
    return groups[1].get("team") or groups[1].get("slug", "") if groups else ""


def visible(person: User, labels: Iterable[str]) -> set[str]:
    """Which of these labels are about something that a person may see, in few queries for each kind of thing.
    What is part of a thing is seen with it; what nobody registered is seen by nobody."""
    asked: dict[Subject, dict[str, str]] = defaultdict(dict)
    for label in set(labels):
        if found := nearest(label):
            kind, whole = found
            asked[kind][label] = whole
    return {
        label
        for kind, wholes in asked.items()
        for seen in [among(kind, person, set(wholes.values()))]
        for label, whole in wholes.items()
        if whole in seen
    }


def called(person: User, label: str) -> set[str]:
    """This label, and all that what it names or is part of has or had, as far as a person may see that."""
    found = nearest(label)
    matched = match(found[1]) if found else None
    if found is None or matched is None or found[0].called is None:
        return {label}
    rest = label[len(found[1]) :]
    return {label, *(f"{each}{rest}" for each in found[0].called(person, **matched[1]))}


def among(kind: Subject, person: User, labels: Collection[str]) -> set[str]:
    """Which of these labels of one kind a person may see."""
    if kind.seen is not None:
        return kind.seen(person, labels)
    found = {label: kind.pattern.fullmatch(label) for label in labels}
    return {label for label, match in found.items() if match and kind.find(person, **match.groupdict())}


def find(person: User, label: str) -> tuple[Subject, Any]:
    """The kind and the thing, when it exists and this person may see it; else `Absent`."""
    matched = match(label)
    thing = matched[0].find(person, **matched[1]) if matched else None
    if matched is None or thing is None:
        raise Absent(f"There is nothing called {label[:120]} that you may see.")
    return matched[0], thing


def url(label: str) -> str:
    """The page of a label, or nothing. Known without a query; whether one may see it the page decides."""
    matched = match(label)
    return matched[0].url(matched[1]) if matched else ""
