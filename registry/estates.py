"""What a team has and who may do what in it, as checks about the team see it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from datetime import timedelta

from django.db.models import Count
from django.utils import timezone

from governance import factors, roles
from governance.models import Event, Membership, Team, User
from registry.models import Artifact, Kind, Version
from registry.models.gates import thresholds_of
from registry.quality import Estate, Member, Owned, Shared
from registry.quality.silo import DAYS

MOST_ARTIFACTS, MOST_EVENTS = 5_000, 20_000
AT_WORK = timedelta(days=90)
READS = ("version.download", "version.preview", "grant.request")


def estate(team: Team) -> Estate:
    rows = list(Membership.objects.filter(team=team).select_related("user").order_by("user__username"))
    active = [row for row in rows if row.user.is_active]
    held = Counter(role for role, _ in {(row.role, row.user_id) for row in active})
    return Estate(
        team.slug,
        owned(team, active),
        members(team, rows),
        dict(held),
        shared(team, {row.user.username for row in rows if row.role != "reader"}),
        thresholds_of(team),
    )


def owned(team: Team, active: Collection[Membership]) -> tuple[Owned, ...]:
    pushing = roles.allowing("version.add")
    may_push = {row.user_id for row in active if row.role in pushing}
    known = Artifact.objects.filter(team=team, deleted_at=None, archived_at=None).order_by("kind", "name")
    listed = list(known.values_list("pk", "kind", "name", "owner_id")[:MOST_ARTIFACTS])
    added: dict[int, list[int]] = defaultdict(list)
    of_them = Version.objects.filter(artifact__in=[key for key, *_ in listed], deleted_at=None).order_by()
    for key, _, number in of_them.values_list("artifact_id", "added_by").annotate(number=Count("pk")):
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


def members(team: Team, rows: Collection[Membership]) -> tuple[Member, ...]:
    now = timezone.now()
    people = {row.user_id: row.user for row in rows}
    secured = factors.having(people)
    recent = Event.objects.filter(team=team.slug, at__gte=now - AT_WORK).order_by("-pk")
    at_work = set(recent.values_list("actor", flat=True)[:MOST_EVENTS])
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
                person.username in at_work,
            )
        )
    return tuple(found)


def shared(team: Team, own: Collection[str]) -> tuple[Shared, ...]:
    """`own` are those who work in the team; who only reads there, or is in another, is from elsewhere."""
    now = timezone.now()
    known = Artifact.objects.filter(team=team, kind=Kind.DATASET, deleted_at=None, archived_at=None)
    listed = list(known.order_by("name").values_list("name", "created_at")[:MOST_ARTIFACTS])
    since = Event.objects.filter(team=team.slug, at__gte=now - timedelta(days=DAYS)).exclude(actor__in=own)
    told = since.filter(action__in=READS).exclude(actor=User.SYSTEM)
    fetched: set[str] = set()
    asked: set[str] = set()
    listed_events = told.order_by("-pk").values_list("subject", "action", "outcome")
    for subject, action, outcome in listed_events[:MOST_EVENTS]:
        name = "/".join(subject.split("/")[:3])
        (fetched if outcome == "done" and action != "grant.request" else asked).add(name)
    labels = [(f"datasets/{team.slug}/{name}", (now - made).days) for name, made in listed]
    return tuple(Shared(label, age, label in fetched, label in asked) for label, age in labels)
