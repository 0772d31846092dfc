"""What one looks after: findings that are one's own to deal with, and waivers that end soon."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.urls import reverse

from governance import access
from governance.models import User
from governance.prepared import prepared
from governance.waiting import MOST, Waiting, first_line
from registry.models import Finding, Triage, Waiver
from registry.presenting.addresses import of_artifact

SOON = timedelta(days=14)
KEY = {"version__artifact": "artifact", "check_name": "check_name", "path": "path", "name": "name"}


def unsolved() -> Exists:
    """Of a triage or a waiver: what it is about is still found."""
    return Exists(Finding.objects.open().filter(**{ours: OuterRef(theirs) for ours, theirs in KEY.items()}))


def upkeep(person: User) -> list[Waiting]:
    """The number of queries does not depend on how much there is."""
    return [*looked_after(person), *ending(person)]


def looked_after(person: User) -> list[Waiting]:
    """Findings that somebody gave to this person, or they to themself."""
    return [
        Waiting(
            what=f"You look after {triage.name or triage.check_name} in {triage.artifact.name}",
            href=board(assignee=person.username, search=triage.path),
            word="See it",
            since=triage.at,
            why=first_line(triage.note) or triage.path,
            team=triage.artifact.team.slug,
            state="warn",
            icon="warn",
        )
        for triage in first_of(person)
    ]


@prepared
def first_of(person: User) -> QuerySet[Triage]:
    mine = Triage.objects.visible_to(person).filter(
        unsolved(), assignee=person, artifact__team__archived_at=None
    )
    found = mine.exclude(state=Triage.State.FALSE_POSITIVE).select_related("artifact__team")
    return found.order_by("pk")[:MOST]


def board(**filters: str) -> str:
    return f"{reverse('registry:board')}?{urlencode(filters)}"


def ending(person: User) -> list[Waiting]:
    """Waivers that one gave, or that cover what one owns: after their end the finding blocks again."""
    return [
        Waiting(
            what=f"A waiver in {waiver.artifact.name} ends on {waiver.ends_at:%-d %B}",
            href=of_artifact(waiver.artifact),
            word="Cure or renew",
            since=waiver.created_at,
            why=f"{waiver.path}: {waiver.name or waiver.check_name} counts again after that.",
            team=waiver.artifact.team.slug,
            state="warn",
            icon="clock",
        )
        for waiver in ending_first(person)
    ]


@prepared
def ending_first(person: User) -> QuerySet[Waiver]:
    theirs = Q(by=person) | Q(artifact__owner=person)
    soon = Waiver.objects.visible_to(person).in_force().filter(theirs, unsolved(), ends_at__lte=Now() + SOON)
    at_work = soon.filter(
        artifact__team__in=access.teams(person, "version.view"), artifact__team__archived_at=None
    )
    return at_work.select_related("artifact__team").order_by("ends_at", "pk")[:MOST]
