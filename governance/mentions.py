"""What an event names besides its subject. Who reads the trail of one team may not see all of another's: that
something is there they learn, not what.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from governance import subjects
from governance.models import Event, User

HIDDEN = "a version you may not see"


def masked(person: User, events: Iterable[Event]) -> list[Event]:
    """The same events for a person to read: where one came from what they may not see, its label is left out.
    The record itself stays as it is."""
    found = list(events)
    labels = {label for event in found for _, label in parents(event.after)}
    seen = subjects.visible(person, labels) if labels else set()
    for event in found:
        if parents(event.after):
            said = [
                [relation, label if label in seen else HIDDEN] for relation, label in parents(event.after)
            ]
            event.after = {**event.after, "parents": said}  # type: ignore[dict-item]  # it has parents
    return found


def parents(after: Any) -> list[list[str]]:
    """The pairs of relation and label by which `version.add` says what a version comes from."""
    given = after.get("parents") if isinstance(after, Mapping) else None
    return given if isinstance(given, list) else []
