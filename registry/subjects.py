"""From labels to artifacts and versions, for approvals and events."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from django.db.models import Q
from django.urls import reverse

from governance.models import User
from governance.subjects import Subject, register
from registry.gate import can_be_approved, evidence
from registry.models import KINDS, Artifact, Version

ARTIFACT = r"(?P<kind>models|datasets|assets)/(?P<team>[^/]+)/(?P<name>[^/]+)"
VERSION = ARTIFACT + r"/versions/(?P<number>[1-9][0-9]{0,8})"


def find_artifact(person: User, *, kind: str, team: str, name: str) -> Artifact | None:
    seen = Artifact.objects.visible_to(person).select_related("team", "owner")
    return seen.filter(kind=KINDS[kind], team__slug=team, name__iexact=name).first()


def find_version(person: User, *, kind: str, team: str, name: str, number: str) -> Version | None:
    seen = Version.objects.visible_to(person).with_state().select_related("artifact__team", "added_by")
    return seen.filter(
        artifact__kind=KINDS[kind], artifact__team__slug=team, artifact__name__iexact=name, number=number
    ).first()


def seen_artifacts(person: User, labels: Collection[str]) -> set[str]:
    seen = Artifact.objects.visible_to(person).filter(artifacts_called(labels)).select_related("team")
    return {artifact.label for artifact in seen}


def seen_versions(person: User, labels: Collection[str]) -> set[str]:
    seen = Version.objects.visible_to(person).filter(versions_called(labels))
    return {version.label for version in seen.select_related("artifact__team")}


def artifacts_called(labels: Iterable[str]) -> Q:
    """The artifacts with these labels."""
    called = Q(pk__in=[])
    for kind, team, name in (label.split("/") for label in labels):
        called |= Q(kind=KINDS[kind], team__slug=team, name=name)
    return called


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
    Artifact.objects.select_for_update().get(pk=version.artifact_id)


def artifact_url(groups: Mapping[str, str]) -> str:
    return reverse("registry:artifact", kwargs=dict(groups))


def version_url(groups: Mapping[str, str]) -> str:
    return reverse("registry:version", kwargs=dict(groups))


register(Subject("artifact", re.compile(ARTIFACT), find_artifact, artifact_url, seen=seen_artifacts))
register(
    Subject(
        "version",
        re.compile(VERSION),
        find_version,
        version_url,
        evidence,
        lock_version,
        can_be_approved,
        seen_versions,
    )
)
