"""What a team has and who may do what in it, as checks about the team see it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone

from governance import factors, roles
from governance.models import Event, Membership, Team, User
from governance.prepared import prepared
from registry.models import Artifact, Kind, Version
from registry.models.gates import thresholds_of
from registry.quality import Estate, Member, Only, Owned, Shared, is_asked
from registry.quality.silo import DAYS

MOST_ARTIFACTS, MOST_EVENTS = 5_000, 20_000
AT_WORK = timedelta(days=90)
READS = ("version.download", "version.preview", "grant.request")


def estate(team: Team, only: Only = None) -> Estate:
    """As far as these checks look at it."""
    rows = roles_in(team=team.pk)
    active = [row for row in rows if row.user.is_active]
    held = Counter(role for role, _ in {(row.role, row.user_id) for row in active})
    return Estate(
        team.slug,
        owned(team, active) if is_asked("ownership_coverage", only) else (),
        members(team, rows) if is_asked("access_review", only) else (),
        dict(held),
        shared(team, {row.user.username for row in rows if row.role != "reader"})
        if is_asked("silo", only)
        else (),
        thresholds_of(team),
    )


@prepared
def roles_in(*, team: Any) -> QuerySet[Membership]:
    return Membership.objects.filter(team=team).select_related("user").order_by("user__username")


def owned(team: Team, active: Collection[Membership]) -> tuple[Owned, ...]:
    pushing = roles.allowing("version.add")
    may_push = {row.user_id for row in active if row.role in pushing}
    listed = at_work(team=team.pk)
    added: dict[int, list[int]] = defaultdict(list)
    for key, _, number in pushed(artifacts=[key for key, *_ in listed]):
        added[key].append(number)
    return tuple(
        Owned(
            f"{Kind(kind).plural}/{team.slug}/{name}",
            owner in may_push,
            len(may_push - {owner}),
            tuple(added[key]),
        )
        for key, kind, name, owner in listed
    )


@prepared
def at_work(*, team: Any) -> QuerySet[Artifact, Any]:
    known = Artifact.objects.filter(team=team, deleted_at=None, archived_at=None).order_by("kind", "name")
    return known.values_list("pk", "kind", "name", "owner_id")[:MOST_ARTIFACTS]


@prepared
def pushed(*, artifacts: Any) -> QuerySet[Version, Any]:
    """How many versions of each by each person."""
    of_them = Version.objects.filter(artifact__in=artifacts, deleted_at=None).order_by()
    return of_them.values_list("artifact_id", "added_by").annotate(number=Count("pk"))


def members(team: Team, rows: Collection[Membership]) -> tuple[Member, ...]:
    now = timezone.now()
    people = {row.user_id: row.user for row in rows}
    secured = factors.having(people)
    busy = set(actors(team=team.slug, since=now - AT_WORK))
    found = []
    for key, person in people.items():
        own = [row for row in rows if row.user_id == key]
        newest = max(row.granted_at for row in own)
        found.append(
            Member(
                person.username,
                tuple(row.role for row in own),
                person.is_active,
                key in secured or person.answered_by_id is not None,
                (now - newest).days,
                person.username in busy,
            )
        )
    return tuple(found)


@prepared
def actors(*, team: Any, since: Any) -> QuerySet[Event, str]:
    recent = Event.objects.filter(team=team, at__gte=since).order_by("-pk")
    return recent.values_list("actor", flat=True)[:MOST_EVENTS]


def shared(team: Team, own: Collection[str]) -> tuple[Shared, ...]:
    """`own` are those who work in the team; who only reads there, or is in another, is from elsewhere."""
    now = timezone.now()
    listed = datasets(team=team.pk)
    fetched: set[str] = set()
    asked: set[str] = set()
    since = now - timedelta(days=DAYS)
    for subject, action, outcome in read(team=team.slug, since=since, own=[*own, User.SYSTEM]):
        name = "/".join(subject.split("/")[:3])
        (fetched if outcome == "done" and action != "grant.request" else asked).add(name)
    labels = [(f"datasets/{team.slug}/{name}", (now - made).days) for name, made in listed]
    return tuple(Shared(label, age, label in fetched, label in asked) for label, age in labels)


@prepared
def datasets(*, team: Any) -> QuerySet[Artifact, Any]:
    known = Artifact.objects.filter(team=team, kind=Kind.DATASET, deleted_at=None, archived_at=None)
    return known.order_by("name").values_list("name", "created_at")[:MOST_ARTIFACTS]


@prepared
def read(*, team: Any, since: Any, own: Any) -> QuerySet[Event, Any]:
    """What others than these did or asked to look into it; `own` is never empty."""
    told = Event.objects.filter(team=team, at__gte=since, action__in=READS).exclude(actor__in=own)
    return told.order_by("-pk").values_list("subject", "action", "outcome")[:MOST_EVENTS]
