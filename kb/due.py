"""What of runs comes to its day for one person: follow-ups they promised, and waivers of theirs that end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone

from governance.models import User
from governance.prepared import prepared
from governance.sentences import spoken
from governance.waiting import MOST, Waiting
from kb.models import Entry, FollowUp, Run
from kb.playbooks import read

SOON = timedelta(days=7)


def waiting(person: User) -> list[Waiting]:
    now = timezone.now()
    promises = follow_ups(person, soon=now.date() + SOON)
    return [*map(promised, promises), *map(ending, waivers(person, now=now, soon=now + SOON))]


@prepared
def follow_ups(person: User, *, soon: Any) -> QuerySet[FollowUp]:
    """Those whose day comes within a week."""
    mine = FollowUp.objects.visible_to(person).open().filter(owner=person, due_on__lte=soon)
    return (
        mine.filter(run__team__archived_at=None).select_related("run__team").order_by("due_on", "pk")[:MOST]
    )


def promised(found: FollowUp) -> Waiting:
    late = found.due_on < timezone.now().date()
    run = found.run
    return Waiting(
        what="A follow-up of a confidential run" if run.confidential else found.text,
        href=reverse("kb:run_after", args=[run.pk]),
        word="Do it",
        since=found.at,
        why=f"Follow-up of run {run.pk}: {'was due' if late else 'due'} {found.due_on:%-d %B}.",
        team=run.team.slug,
        state="warn" if late else "info",
        icon="run",
    )


@prepared
def waivers(person: User, *, now: Any, soon: Any) -> QuerySet[Entry]:
    """What this person let pass in runs that go on, and that ends within a week."""
    mine = Entry.objects.filter(by=person, kind=Entry.WAIVER, ends_at__gt=now, ends_at__lte=soon)
    seen = mine.filter(run__in=Run.objects.visible_to(person).open(), run__team__archived_at=None)
    later = Entry.objects.filter(run=OuterRef("run"), step=OuterRef("step"), kind=Entry.WAIVER)
    seen = seen.filter(~Exists(later.filter(pk__gt=OuterRef("pk"))))
    return seen.select_related("run__team", "run__playbook").order_by("ends_at", "pk")[:MOST]


def ending(entry: Entry) -> Waiting:
    run, until = entry.run, entry.ends_at
    step = read(run.playbook.text).step(entry.step)
    return Waiting(
        what=f"Your waiver of “{step.title if step else entry.step}” ends",
        href=reverse("kb:step", args=[run.pk, entry.step]),
        word="Look",
        since=entry.at,
        why=f"Run {run.pk} about {spoken(run.subject)}: until {until:%-d %B}, then it opens."
        if until
        else "",
        team=run.team.slug,
        state="warn",
        icon="clock",
    )
