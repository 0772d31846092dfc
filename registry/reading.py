"""Who may look into a dataset now, and who could on a day: from the rows and the record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from governance.models import Event, User
from registry.models import Artifact, Grant, Restriction
from registry.models.grants import GrantQuerySet
from registry.subjects import labels_of

MOST_PERIODS = 50


def grant_of(person: User, artifact: Artifact) -> Grant | None:
    """The grant by which somebody looks into an artifact; none where they need none or have none."""
    if not artifact.restricted or artifact.owner_id == person.pk:
        return None
    return Grant.objects.live().filter(artifact=artifact.pk, person=person.pk).first()


def reads(person: User, artifact: Artifact) -> bool:
    """Whether a restriction lets somebody look into it. Asks the database nothing about what is open."""
    return not artifact.restricted or artifact.owner_id == person.pk or grant_of(person, artifact) is not None


# ------------------------------------------------------------------ then


@dataclass(frozen=True)
class Readers:
    """Who could look into an artifact from `start` to `end`. `restricted`: only these, all of that time."""

    start: datetime
    end: datetime
    owners: list[str]
    restricted: bool
    periods: list[Restriction]
    grants: GrantQuerySet


def readers(artifact: Artifact, start: datetime, end: datetime) -> Readers:
    periods = during(artifact, start, end)
    return Readers(
        start,
        end,
        owners(artifact, start, end),
        any(covers(period, start, end) for period in periods),
        periods,
        Grant.objects.filter(artifact=artifact).held(start, end),
    )


def readers_now(artifact: Artifact) -> Readers:
    now = timezone.now()
    return readers(artifact, now, now)


def during(artifact: Artifact, start: datetime, end: datetime) -> list[Restriction]:
    """The times in which it was restricted that touch this one."""
    touching = artifact.restrictions.filter(Q(until=None) | Q(until__gt=start), since__lte=end)
    return list(touching.select_related("by", "opened_by")[:MOST_PERIODS])


def covers(period: Restriction, start: datetime, end: datetime) -> bool:
    return period.since <= start and (period.until is None or period.until > end)


def owners(artifact: Artifact, start: datetime, end: datetime) -> list[str]:
    """The user names of those who owned it in this time, in order: as it is now, and what events say of
    changes since."""
    if artifact.created_at > end:
        return []
    changed = changes_of_owner(artifact, start)
    names = [before for _, before, _ in changed[:1]] or [artifact.owner.username]
    return list(dict.fromkeys([*names, *(after for at, _, after in changed if at <= end)]))


def changes_of_owner(artifact: Artifact, since: datetime) -> list[tuple[datetime, str, str]]:
    """By any name that it had: events keep the one of their time. What had its name before it is not it."""
    edits = Event.objects.filter(
        subject__in=labels_of(artifact),
        action="artifact.edit",
        outcome="done",
        at__gte=max(since, artifact.created_at),
    )
    found = edits.order_by("pk").values_list("at", "before__owner", "after__owner")
    return [(at, before, after) for at, before, after in found if before != after]
