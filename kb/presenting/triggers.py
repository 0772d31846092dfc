"""Triggers and what they started, as pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from governance import access, subjects
from governance.models import User
from governance.prepared import prepared
from governance.sentences import spoken
from governance.templatetags.words import counted
from kb.models import Firing, Trigger, TriggerPerson
from kb.playbooks import PLAYBOOKS, ROLES
from kb.presenting.runs import RUNS
from kb.triggering import MOST_AN_HOUR, MOST_EVENTS, PAST, Simulation, cause, simulate

STATES = {
    "on": ("good", "good", "On"),
    "off": ("neutral", "neutral", "Off"),
    "held": ("warn", "warn", "Held"),
}


@dataclass(frozen=True)
class TriggerRow:
    trigger: Trigger
    cause: str
    playbook: str
    badge: tuple[str, str, str]
    href: str


def trigger_row(trigger: Trigger) -> TriggerRow:
    known = PLAYBOOKS.get(trigger.playbook)
    href = reverse("kb:trigger", args=[trigger.pk])
    title = known.title if known else trigger.playbook
    return TriggerRow(trigger, cause(trigger), title, STATES[trigger.state], href)


def firing_item(firing: Firing) -> dict[str, Any]:
    """One entry of what a trigger started."""
    about = spoken(firing.subject)
    if firing.run is None:
        return {"at": firing.at, "sentence": f"Nothing about {about}. {firing.said}", "state": "warn",
                "icon": "clock", "meta": "", "href": subjects.url(firing.subject)}  # fmt: skip
    state, icon, word = RUNS[firing.run.state]
    said = f"Run {firing.run.pk} about {about}: {word.lower()}."
    meta = f"The check has passed {counted(firing.passes, 'time')} since." if firing.passes else ""
    href = reverse("kb:run", args=[firing.run.pk])
    return {"at": firing.at, "sentence": said, "state": state, "icon": icon, "meta": meta, "href": href}


def people_of(trigger: Trigger) -> list[tuple[str, list[User]]]:
    found: dict[str, list[User]] = {}
    for part in people_in(trigger=trigger.pk):
        found.setdefault(part.role, []).append(part.user)
    return [(ROLES[role], found[role]) for role in ROLES if role in found]


@prepared
def people_in(*, trigger: Any) -> QuerySet[TriggerPerson]:
    return TriggerPerson.objects.filter(trigger=trigger).select_related("user")


@dataclass(frozen=True)
class Simulated:
    """What it would have started, in a sentence, and the newest of it."""

    said: str
    looked: str
    held: str
    items: list[dict[str, Any]]


def simulated(trigger: Trigger, person: User) -> Simulated | None:
    """Nothing for whom the trail is closed to: it is worked out from events."""
    if not access.can(person, "event.view", trigger):
        return None
    found = simulate(trigger, person)
    return Simulated(said(found), looked(trigger, found), held(found), list(items(found)))


def said(found: Simulation) -> str:
    return f"It would have started {counted(found.runs, 'run')} in the last {PAST.days} days."


def looked(trigger: Trigger, found: Simulation) -> str:
    if trigger.kind == Trigger.SCHEDULE:
        return "By its schedule alone, had it been on."
    if found.cut:
        return f"Only the newest {MOST_EVENTS:,} such events were looked at."
    return f"{counted(found.events, 'such event')} in that time that you may read."


def held(found: Simulation) -> str:
    if found.held is None:
        return ""
    return (
        f"On {found.held:%-d %B} it would have met {MOST_AN_HOUR} things within an hour, and have been held "
        "until a steward lets it go on."
    )


def items(found: Simulation) -> Iterable[dict[str, Any]]:
    for would in found.would:
        meta = f"{counted(would.again, 'more such event')} in the same window" if would.again else ""
        yield {
            "at": would.at,
            "sentence": f"A run about {spoken(would.subject)}.",
            "state": "neutral",
            "icon": "run",
            "meta": meta,
            "href": subjects.url(would.subject),
        }
