"""What a trigger looks at: which events match, what a run would be about, and what it would have started."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from governance import subjects
from governance.models import Event, Team, User
from governance.models.events import EventQuerySet
from governance.prepared import prepared
from governance.templatetags.words import counted
from kb.models import Trigger
from kb.playbooks import PLAYBOOKS, Playbook, read
from kb.shelf import own
from registry.checks import CHECKS
from registry.models import KINDS, Finding, Version
from registry.models.findings import FindingQuerySet
from registry.quality import QUALITY
from registry.subjects import versions_called

MOST_AN_HOUR = 20  # what one trigger may meet within an hour, until it is held
PAST, MOST_EVENTS, MOST_SHOWN = timedelta(days=90), 10_000, 20
MOST_LOOKED = 200_000  # events of a team that are looked at for those that match, the newest
GRAVE = ("critical", "high")
VERSION = re.compile(r"((?:models|datasets|assets)/[^/]+/[^/]+)/versions/[0-9]+")
ARTIFACT = re.compile(r"(?P<kind>models|datasets|assets)/(?P<team>[^/]+)/(?P<name>[^/]+)")
BEGINS = {"model": "models/", "dataset": "datasets/", "version": ""}

# The events that may start a run, each as "when …". No run writes one, so no run starts another.
ACTIONS: dict[str, str] = {
    "version.submit": "a version is submitted",
    "version.check": "the checks of a version have ended",
    "version.promote": "a version is promoted",
    "version.rollback": "an alias goes back to an earlier version",
    "version.withdraw": "a version is withdrawn",
    "evaluation.finish": "an evaluation has ended",
    "record.add": "evidence is declared",
    "finding.open": "a finding is opened",
    "incident.open": "something in use is found to be blocked",
    "contract.set": "a contract is set",
    "dataset.declare": "columns of a dataset are declared",
    "dataset.restrict": "a dataset is restricted",
    "gate.set": "the gate of the team is changed",
    "member.set": "the roles of somebody change",
}


def checks() -> list[str]:
    """Those whose failure is an event: of a version."""
    return sorted({*CHECKS, *(name for name, each in QUALITY.items() if each.about != "team")})


def playbooks() -> list[Playbook]:
    """What is in confidence begins with people, never by itself."""
    return [each for _, each in sorted(PLAYBOOKS.items()) if not each.confidential]


# ------------------------------------------------------------------ matching


def accepted(found: FindingQuerySet) -> QuerySet[Finding, int]:
    """Those that stand and block nothing, by their keys: waived, or of a name that the team knows."""
    keys: QuerySet[Finding, int] = found.open().order_by("pk").values_list("pk", flat=True)
    return keys.exclude(pk__in=found.blocking().order_by().values("pk"))


def asked(event: Event) -> QuerySet[Trigger]:
    """The triggers at work that look for such events."""
    cause = Q(kind=Trigger.EVENT, action=event.action)
    if failed := failed_check(event):
        cause |= Q(kind=Trigger.CHECK, check_name=failed)
    found = Trigger.objects.at_work().filter(cause, team__slug=event.team, on_at__lte=event.at)
    return found.select_related("team").order_by("pk")


def failed_check(event: Event) -> str:
    """The check that an event tells the failure of."""
    after = event.after if isinstance(event.after, dict) else {}
    grave = event.action == "finding.open" and after.get("severity") in GRAVE
    return str(after.get("check", "")) if grave else ""


def about_of(trigger: Trigger) -> str:
    """What its playbook is about; nothing when there is no such playbook any more."""
    found = own(trigger.team, trigger.playbook)
    known = read(found.text) if found else PLAYBOOKS.get(trigger.playbook)
    return known.about if known else ""


def subject_of(trigger: Trigger, label: str, about: str) -> str:
    """What of an event's label the run would be about: a version, what it is a version of where the event is
    about that, or the team; nothing where it is about something else."""
    if not about:
        return ""
    if about == "team":
        return f"teams/{trigger.team.slug}" if matches(trigger.about, label) else ""
    found = VERSION.match(label)
    if found is None and not ARTIFACT.fullmatch(label):
        return ""
    names = (found[0], found[1]) if found else (label,)
    if not label.startswith(BEGINS[about]) or not any(matches(trigger.about, each) for each in names):
        return ""
    return names[0]


def matches(pattern: str, label: str) -> bool:
    return not pattern or fnmatchcase(label, pattern)


def newest_of(label: str) -> str:
    """The same label; for an artifact that of its newest version that is submitted, if there is one."""
    found = ARTIFACT.fullmatch(label)
    if found is None:
        return label
    about = {"artifact__kind": KINDS[found["kind"]], "artifact__team__slug": found["team"]}
    rows = Version.objects.filter(**about, artifact__name=found["name"], deleted_at=None)
    last = rows.exclude(submitted_at=None).order_by("-number").values_list("number", flat=True).first()
    return f"{label}/versions/{last}" if last else ""


def thing_of(team: Team, label: str) -> Team | Version | None:
    """What a run is begun about, when it is there, the team's own and no draft."""
    if label == team.label:
        return team
    seen = Version.objects.filter(versions_called([label]), artifact__team=team, deleted_at=None)
    return seen.exclude(submitted_at=None).select_related("artifact__team").first()


# ------------------------------------------------------------------ words


def cause(trigger: Trigger) -> str:
    """“When leaked_secrets fails on models/fraud/*”."""
    about = trigger.about or f"anything of {trigger.team.slug}"
    if trigger.kind == Trigger.SCHEDULE:
        return f"Every {counted(trigger.every_days or 1, 'day')}, about {trigger.about}"
    if trigger.kind == Trigger.CHECK:
        return f"When {trigger.check_name} fails on {about}"
    return f"When {ACTIONS.get(trigger.action, trigger.action)}: {about}"


# ------------------------------------------------------------------ what it would have started


@dataclass(frozen=True)
class Would:
    at: datetime
    subject: str
    again: int = 0
    """How many more such events lay in the same window."""


@dataclass
class Simulation:
    """Over what was looked at: `events` of `since`, at most so many."""

    since: datetime
    events: int = 0
    cut: bool = False
    runs: int = 0
    would: list[Would] = field(default_factory=list)
    held: datetime | None = None
    """When more would have come in an hour than anybody can look at."""


def simulate(trigger: Trigger, person: User, now: datetime | None = None) -> Simulation:
    """What it would have started by the events that this person may read, newest first. How long each run
    would have been open nobody knows, so that bound is not simulated."""
    now = now or timezone.now()
    found = Simulation(since=now - PAST)
    if trigger.kind == Trigger.SCHEDULE:
        return of_schedule(trigger, found, now)
    about = about_of(trigger)
    rows = list(past(trigger, person, found.since)[: MOST_EVENTS + 1])
    found.cut = len(rows) > MOST_EVENTS or is_before(found.since, oldest_looked_at(trigger.team))
    rows = rows[:MOST_EVENTS]
    found.events = len(rows)
    met: dict[tuple[str, int], list[datetime]] = {}
    known: dict[str, str] = {}
    for at, label in reversed(rows):
        if label not in known:
            known[label] = subject_of(trigger, label, about)
        if subject := known[label]:
            met.setdefault((subject, trigger.window_of(at)), []).append(at)
    seen = subjects.visible(person, {subject for subject, _ in met})
    would = [
        Would(times[0], subject, len(times) - 1) for (subject, _), times in met.items() if subject in seen
    ]
    found.runs, found.held = len(would), too_many([each.at for each in would])
    found.would = sorted(would, key=lambda each: each.at, reverse=True)[:MOST_SHOWN]
    return found


def past(trigger: Trigger, person: User, since: datetime) -> QuerySet[Event, tuple[datetime, str]]:
    rows = newest(trigger.team, person).filter(outcome="done", at__gte=since)
    if trigger.kind == Trigger.CHECK:
        rows = rows.filter(action="finding.open", after__check=trigger.check_name, after__severity__in=GRAVE)
        of_team = Finding.objects.filter(
            check_name=trigger.check_name, version__artifact__team=trigger.team_id
        )
        rows = rows.exclude(after__finding__in=list(accepted(of_team)[:MOST_EVENTS]))
    else:
        rows = rows.filter(action=trigger.action)
    return rows.order_by("-pk").values_list("at", "subject")


def newest(team: Team, person: User) -> EventQuerySet:
    """Of a team's events those that are looked at: the newest, of which a person reads some."""
    rows = Event.objects.visible_to(person).filter(team=team.slug)
    oldest = oldest_looked_at(team)
    return rows.filter(pk__gte=oldest.pk) if oldest else rows


def oldest_looked_at(team: Team) -> Event | None:
    """None while all are."""
    return next(iter(last_looked_at(team=team.slug)), None)


@prepared
def last_looked_at(*, team: Any) -> QuerySet[Event]:
    rows = Event.objects.filter(team=team).order_by("-pk").only("pk", "at")
    return rows[MOST_LOOKED - 1 : MOST_LOOKED]


def is_before(since: datetime, oldest: Event | None) -> bool:
    return oldest is not None and since < oldest.at


def of_schedule(trigger: Trigger, found: Simulation, now: datetime) -> Simulation:
    found.runs = int(PAST / trigger.window)
    times = [now - trigger.window * number for number in range(min(found.runs, MOST_SHOWN))]
    found.would = [Would(at, trigger.about) for at in times]
    return found


def too_many(times: Iterable[datetime]) -> datetime | None:
    """When the bound of an hour was first met."""
    ordered = sorted(times)
    for first, last in zip(ordered, ordered[MOST_AN_HOUR - 1 :], strict=False):
        if last - first < timedelta(hours=1):
            return last
    return None
