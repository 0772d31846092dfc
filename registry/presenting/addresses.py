"""Where the pages of artifacts and versions are."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.urls import reverse

from registry.models import Artifact, Version


def of_artifact(artifact: Artifact, page: str = "artifact", **more: Any) -> str:
    return known(page, kind=artifact.plural, team=artifact.team.slug, name=artifact.name, **more)


@lru_cache(4096)
def known(page: str, **parts: Any) -> str:
    """A page has the same few addresses again and again, and the router takes its time for each."""
    return reverse(f"registry:{page}", kwargs=parts)


def of_version(version: Version, page: str = "version", **more: Any) -> str:
    return of_artifact(version.artifact, page, number=version.number, **more)


def of_label(label: str) -> str:
    """The page of an artifact or a version, without asking the router: a list has three for each row."""
    return f"/{label}/"


def of_api(label: str) -> str:
    """The same thing for programs."""
    return f"/api/v1/{label}"
