"""What a review proposes about artifacts: what nobody can tell about them, what nobody fetches, what ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import CharField, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat

from governance import roles
from governance.models import Event, Membership, Team
from governance.reviewing import MOST, SOON, UNUSED, Proposal, proposes
from registry.models import Alias, Artifact, FormerName, Grant, Kind, Link, Move, Version, Waiver
from registry.models.versions import VersionQuerySet

LACKS = ("no owner in the team", "no description", "no licence")


@proposes("Waivers that end within 14 days")
def waivers(team: Team, now: datetime) -> Iterator[Proposal]:
    soon = Waiver.objects.in_force().of_what_is_there().filter(artifact__team=team, ends_at__lte=now + SOON)
    near = soon.order_by("ends_at").select_related("artifact__team").defer("artifact__search")
    for waiver in near[: MOST + 1]:
        what = f"The waiver of {waiver.check_name} on {waiver.path} of {waiver.artifact.label}"
        yield Proposal(f"{what} ends on {waiver.ends_at:%d %B %Y}.", waiver.artifact.label)


@proposes("Artifacts without owner, description or licence")
def artifacts(team: Team, now: datetime) -> Iterator[Proposal]:
    """An owner is somebody who may push to it today."""
    may_push = Membership.objects.filter(
        team=team, user=OuterRef("owner"), user__is_active=True, role__in=roles.allowing("version.add")
    )
    found = Artifact.objects.filter(team=team, deleted_at=None, archived_at=None).annotate(
        owned=Exists(may_push), described=~Q(description=""), licensed=~Q(licence="")
    )
    lacking = found.exclude(owned=True, described=True, licensed=True).order_by("kind", "name")
    rows = lacking.values_list("kind", "name", "owned", "described", "licensed")
    for kind, name, *has in rows[: MOST + 1]:
        lacks = " and ".join(word for word, there in zip(LACKS, has, strict=True) if not there)
        label = f"{Kind(kind).plural}/{team.slug}/{name}"
        yield Proposal(f"{label} has {lacks}.", label)


@proposes("Versions that nobody uses")
def versions(team: Team, now: datetime) -> Iterator[Proposal]:
    found = unused(team, now).select_related("artifact__team").defer("artifact__search")
    for version in found[: MOST + 1]:
        sentence = f"{version.label} was not fetched for 90 days, and no alias pointed at it."
        yield Proposal(sentence, version.label)


@proposes("Grants that nobody uses")
def grants(team: Team, now: datetime) -> Iterator[Proposal]:
    """Given 90 days ago and never used since: its person fetched nothing of the dataset."""
    since = now - UNUSED
    below = Concat(*artifact(), Value("/versions/"), output_field=CharField())
    fetched = Event.objects.filter(
        action="version.download",
        at__gte=since,
        actor=OuterRef("person__username"),
        subject__startswith=OuterRef("below"),
    )
    old = Grant.objects.live().of_what_is_there().filter(artifact__team=team, decided_at__lt=since)
    found = old.annotate(below=below).filter(~Exists(fetched), artifact__restricted=True).order_by("pk")
    for grant in found.select_related("person", "artifact__team").defer("artifact__search")[: MOST + 1]:
        label = grant.artifact.label
        yield Proposal(f"{grant.person} was granted to read {label} and fetched nothing for 90 days.", label)


def artifact() -> list[F | Value]:
    """The parts of an artifact's label, from what points at it."""
    kind, team, name = F("artifact__kind"), F("artifact__team__slug"), F("artifact__name")
    return [kind, Value("s/"), team, Value("/"), name]


def unused(team: Team, now: datetime) -> VersionQuerySet:
    """Frozen for 90 days, and since then neither fetched nor under an alias; nothing was made from it."""
    since = now - UNUSED
    this = {"version": OuterRef("pk")}
    fetched = Event.objects.filter(action="version.download", subject=OuterRef("spoken"), at__gte=since)
    of_it = Version.objects.filter(artifact__team=team, artifact__deleted_at=None)
    old = of_it.filter(submitted_at__lt=since).annotate(spoken=label())
    renamed = FormerName.objects.filter(artifact=OuterRef("artifact"), until__gte=since)
    return old.filter(
        ~Exists(renamed),  # it was fetched under another name
        ~Exists(Alias.objects.filter(**this)),
        ~Exists(Move.objects.filter(Q(at__gte=since), Q(**this) | Q(before=OuterRef("pk")))),
        ~Exists(Link.objects.filter(parent=OuterRef("pk"))),
        ~Exists(fetched),
    ).order_by("artifact__kind", "artifact__name", "number")


def label() -> Concat:
    """A version's label as an expression: events name it so."""
    number = Cast("number", CharField())
    return Concat(*artifact(), Value("/versions/"), number, output_field=CharField())
