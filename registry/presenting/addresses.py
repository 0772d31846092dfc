"""Where the pages of artifacts and versions are."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from registry.models import Artifact, Version


def of_artifact(artifact: Artifact, page: str = "artifact", **more: Any) -> str:
    where = {"kind": artifact.plural, "team": artifact.team.slug, "name": artifact.name}
    return reverse(f"registry:{page}", kwargs={**where, **more})


def of_version(version: Version, page: str = "version", **more: Any) -> str:
    return of_artifact(version.artifact, page, number=version.number, **more)


def of_label(label: str) -> str:
    """The page of an artifact or a version, without asking the router: a list has three for each row."""
    return f"/{label}/"


def of_api(label: str) -> str:
    """The same thing for programs."""
    return f"/api/v1/{label}"
