"""From labels to artifacts and versions, for approvals and events."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.urls import reverse

from governance.models import User
from governance.subjects import Subject, register
from registry.gate import can_be_approved, evidence
from registry.models import KINDS, Artifact, Version

ARTIFACT = r"(?P<kind>models|datasets|assets)/(?P<team>[^/]+)/(?P<name>[^/]+)"


def find_artifact(person: User, *, kind: str, team: str, name: str) -> Artifact | None:
    seen = Artifact.objects.visible_to(person).select_related("team", "owner")
    return seen.filter(kind=KINDS[kind], team__slug=team, name__iexact=name).first()


def find_version(person: User, *, kind: str, team: str, name: str, number: str) -> Version | None:
    seen = Version.objects.visible_to(person).with_state().select_related("artifact__team", "added_by")
    return seen.filter(
        artifact__kind=KINDS[kind], artifact__team__slug=team, artifact__name__iexact=name, number=number
    ).first()


def lock_version(version: Version) -> None:
    """Every write below an artifact locks its row first."""
    Artifact.objects.select_for_update().get(pk=version.artifact_id)


def artifact_url(groups: Mapping[str, str]) -> str:
    return reverse("registry:artifact", kwargs=dict(groups))


def version_url(groups: Mapping[str, str]) -> str:
    return reverse("registry:version", kwargs=dict(groups))


register(Subject("artifact", re.compile(ARTIFACT), find_artifact, artifact_url))
register(
    Subject(
        "version",
        re.compile(ARTIFACT + r"/versions/(?P<number>[1-9][0-9]{0,8})"),
        find_version,
        version_url,
        evidence,
        lock_version,
        can_be_approved,
    )
)
