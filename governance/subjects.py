"""From a label to the thing itself: what approvals and events are about.

Governance knows nothing of artifacts. Apps above register how to find theirs; what a person may not see
is not found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
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


_subjects: list[Subject] = []


def register(subject: Subject) -> None:
    _subjects.append(subject)


def match(label: str) -> tuple[Subject, Mapping[str, str]] | None:
    for subject in _subjects:
        found = subject.pattern.fullmatch(label)
        if found:
            return subject, found.groupdict()
    return None


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
