"""From labels to artifacts and versions, for approvals and events."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import CharField, Exists, Func, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Lower
from django.urls import reverse

from governance import access
from governance.models import Team, User
from governance.prepared import prepared
from governance.subjects import Subject, register
from registry import checks
from registry.gate import approvals_needed, approvers, can_be_approved, evidence
from registry.models import KINDS, Artifact, FormerName, GateRequest, GateSettings, Grant, Kind, Version
from registry.models.artifacts import ArtifactQuerySet, label_of
from registry.models.gates import settings_of
from registry.models.grants import inside
from registry.models.versions import VersionQuerySet

ARTIFACT = r"(?P<kind>models|datasets|assets)/(?P<team>[^/]+)/(?P<name>[^/]+)"
VERSION = ARTIFACT + r"/versions/(?P<number>[1-9][0-9]{0,8})"


def find_artifact(person: User, *, kind: str, team: str, name: str) -> Artifact | None:
    """By the name that it has, or else by one that it had."""
    for artifact in named_now(person, kind, lowered=name.lower(), team=team):
        return artifact
    return artifacts_of(person, kind, team).filter(former_names__name__iexact=name).first()


@prepared
def named_now(person: User, kind: str, *, lowered: Any, team: Any) -> QuerySet[Artifact]:
    rows = artifacts_of(person, kind, team).alias(lowered=Lower("name"))
    return rows.filter(lowered=lowered).order_by()


def artifacts_of(person: User, kind: str, team: Any) -> ArtifactQuerySet:
    seen = Artifact.objects.visible_to(person).defer("search").select_related("team", "owner", "held_by")
    return seen.filter(kind=KINDS[kind], team__slug=team)


def find_version(person: User, *, kind: str, team: str, name: str, number: str) -> Version | None:
    asked: dict[str, Any] = {"team": team, "number": number}
    for called in (now_called, once_called):
        for version in called(person, kind, tuple(checks.CHECKS), lowered=name.lower(), **asked):
            return version
    return None


@prepared
def now_called(
    person: User, kind: str, known: tuple[str, ...], *, lowered: Any, team: Any, number: Any
) -> QuerySet[Version]:
    """The version of an artifact that has this name. Its state depends on which checks there are."""
    rows = versions_of(person, kind, team, number).alias(lowered=Lower("artifact__name"))
    return rows.filter(lowered=lowered).order_by()


@prepared
def once_called(
    person: User, kind: str, known: tuple[str, ...], *, lowered: Any, team: Any, number: Any
) -> QuerySet[Version]:
    """The version of an artifact that had this name before it was renamed."""
    rows = versions_of(person, kind, team, number).alias(former=Lower("artifact__former_names__name"))
    return rows.filter(former=lowered)[:1]


def versions_of(person: User, kind: str, team: Any, number: Any) -> VersionQuerySet:
    seen = Version.objects.visible_to(person).with_state(KINDS[kind])
    seen = seen.select_related("artifact__team", "added_by")
    return seen.filter(artifact__kind=KINDS[kind], artifact__team__slug=team, number=number)


def labels_of(artifact: Artifact) -> list[str]:
    """The one that it has, and those that it had."""
    if not artifact.first_name:
        return [artifact.label]
    before = artifact.former_names.values_list("name", flat=True)
    return [artifact.label, *(label_of(artifact.kind, artifact.team.slug, name) for name in before)]


def artifact_called(person: User, **groups: str) -> list[str]:
    artifact = find_artifact(person, **groups)
    return labels_of(artifact) if artifact else []


def version_called(person: User, *, number: str, **groups: str) -> list[str]:
    return [f"{label}/versions/{number}" for label in artifact_called(person, **groups)]


def seen_artifacts(person: User, labels: Collection[str]) -> set[str]:
    return seen_keys(person, labels).keys() & labels


def seen_versions(person: User, labels: Collection[str]) -> set[str]:
    """By artifact and number apart: one condition for each of a thousand labels takes a second."""
    parts = {label: label.rpartition("/versions/") for label in labels}
    artifacts = seen_keys(person, {artifact for artifact, _, _ in parts.values()})
    numbers = {int(number) for _, _, number in parts.values()}
    found = set(versions_among(person, artifacts=list(artifacts.values()), numbers=numbers))
    return {
        label
        for label, (artifact, _, number) in parts.items()
        if (artifacts.get(artifact), int(number)) in found
    }


@prepared
def versions_among(person: User, *, artifacts: Any, numbers: Any) -> QuerySet[Version, Any]:
    seen = Version.objects.visible_to(person).filter(artifact__in=artifacts, number__in=numbers)
    return seen.order_by().values_list("artifact", "number")


def seen_keys(person: User, labels: Collection[str]) -> dict[str, int]:
    """Keys of the artifacts that have or had one of these labels and that a person sees; and some more."""
    named = [label.split("/") for label in labels]
    asked = {"teams": [team for _, team, _ in named], "names": [name for _, _, name in named]}
    now = {label_of(kind, team, name): key for kind, team, name, key in artifacts_named(person, **asked)}
    if now.keys() >= set(labels):
        return now
    former = {label_of(kind, team, name): key for kind, team, name, key in formerly_named(person, **asked)}
    return {**former, **now}


@prepared
def artifacts_named(person: User, *, teams: Any, names: Any) -> QuerySet[Artifact, Any]:
    seen = Artifact.objects.visible_to(person).filter(team__slug__in=teams, name__in=names).order_by()
    return seen.values_list("kind", "team__slug", "name", "pk")


@prepared
def formerly_named(person: User, *, teams: Any, names: Any) -> QuerySet[FormerName, Any]:
    seen = Artifact.objects.visible_to(person).order_by()
    rows = FormerName.objects.filter(team__slug__in=teams, name__in=names, artifact__in=seen).order_by()
    return rows.values_list("kind", "team__slug", "name", "artifact")


def versions_called(labels: Iterable[str]) -> Q:
    """The versions with these labels; others are left out."""
    numbers: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for found in filter(None, map(re.compile(VERSION).fullmatch, labels)):
        numbers[found["kind"], found["team"], found["name"]].append(found["number"])
    called = Q(pk__in=[])
    for (kind, team, name), of_it in numbers.items():
        artifact = {"artifact__kind": KINDS[kind], "artifact__team__slug": team, "artifact__name": name}
        called |= Q(**artifact, number__in=of_it)
    return called


def lock_version(version: Version) -> None:
    """Every write below an artifact locks its row first."""
    Artifact.objects.locked(version.artifact_id)


def find_gate(person: User, *, slug: str) -> GateSettings | None:
    team = Team.objects.filter(slug=slug, pk__in=access.teams(person, "version.view")).first()
    return settings_of(team) if team else None


def find_gate_request(person: User, *, slug: str, pk: str) -> GateRequest | None:
    seen = GateRequest.objects.visible_to(person).select_related("team", "requested_by", "closed_by")
    return seen.filter(team__slug=slug, pk=pk).first()


def seen_gates(person: User, labels: Collection[str]) -> set[str]:
    slugs = Team.objects.filter(pk__in=access.teams(person, "version.view")).values_list("slug", flat=True)
    return {f"teams/{slug}/gate" for slug in slugs} & set(labels)


def seen_gate_requests(person: User, labels: Collection[str]) -> set[str]:
    keys = [label.rpartition("/")[2] for label in labels]
    seen = GateRequest.objects.visible_to(person).filter(pk__in=keys).select_related("team")
    return {asked.label for asked in seen} & set(labels)


def find_grant(person: User, *, kind: str, team: str, name: str, pk: str) -> Grant | None:
    seen = Grant.objects.visible_to(person).select_related("artifact__team", "artifact__owner", "person")
    return seen.filter(
        artifact__kind=KINDS[kind], artifact__team__slug=team, artifact__name=name, pk=pk
    ).first()


def seen_grants(person: User, labels: Collection[str]) -> set[str]:
    keys = [label.rpartition("/")[2] for label in labels]
    seen = Grant.objects.visible_to(person).filter(pk__in=keys).select_related("artifact__team")
    return {grant.label for grant in seen.defer("artifact__search")} & set(labels)


@access.hides
def restricted(person: User, field: str) -> Q:
    """What is below a restricted dataset into which a person may not look. The parts of a label find it by an
    index, however many there are."""
    team, name, below = (part_of(OuterRef(field), number) for number in (2, 3, 4))
    closed = Artifact.objects.filter(~inside(person), restricted=True, team__slug=team, name=name)
    start = f"{Kind.DATASET.plural}/"
    return Q(Exists(closed.alias(below=below).exclude(below="")), **{f"{field}__startswith": start})


def part_of(label: OuterRef, number: int) -> Func:
    return Func(label, Value("/"), Value(number), function="split_part", output_field=CharField())


def artifact_url(groups: Mapping[str, str]) -> str:
    return reverse("registry:artifact", kwargs=dict(groups))


def version_url(groups: Mapping[str, str]) -> str:
    return reverse("registry:version", kwargs=dict(groups))


def grant_url(groups: Mapping[str, str]) -> str:
    return reverse("registry:grant", kwargs=dict(groups))


def gate_url(groups: Mapping[str, str]) -> str:
    return reverse("registry:gate", kwargs=dict(groups))


def gate_request_url(groups: Mapping[str, str]) -> str:
    return reverse("registry:gate_request", kwargs=dict(groups))


def find_canaries(person: User) -> bool:
    """Everybody who is signed in sees what became of them."""
    return person.is_active


def canaries_url(groups: Mapping[str, str]) -> str:
    return f"{reverse('registry:checks')}#canaries"


GRANT = re.compile(ARTIFACT + r"/grants/(?P<pk>[1-9][0-9]{0,17})")
GATE = re.compile(r"teams/(?P<slug>[a-z0-9-]+)/gate")
GATE_REQUEST = re.compile(r"teams/(?P<slug>[a-z0-9-]+)/gate/requests/(?P<pk>[1-9][0-9]{0,17})")

register(Subject("canaries", re.compile("checks/canaries"), find_canaries, canaries_url))
register(Subject("gate", GATE, find_gate, gate_url, seen=seen_gates))
register(Subject("gate request", GATE_REQUEST, find_gate_request, gate_request_url, seen=seen_gate_requests))
register(Subject("grant", GRANT, find_grant, grant_url, seen=seen_grants))
register(
    Subject(
        "artifact",
        re.compile(ARTIFACT),
        find_artifact,
        artifact_url,
        called=artifact_called,
        seen=seen_artifacts,
    )
)
register(
    Subject(
        "version",
        re.compile(VERSION),
        find_version,
        version_url,
        evidence,
        lock_version,
        can_be_approved,
        approvals_needed,
        approvers,
        version_called,
        seen_versions,
    )
)
