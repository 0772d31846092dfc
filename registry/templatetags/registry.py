"""Addresses of artifacts and versions, for the registry's templates."""

from __future__ import annotations

from typing import Any

from django import template

from registry.models import Artifact, Version
from registry.presenting import addresses

register = template.Library()


@register.simple_tag
def address(thing: Artifact | Version, page: str = "", **more: Any) -> str:
    """`{% address version "upload" %}`: a page of an artifact or a version; its own without a name."""
    if isinstance(thing, Version):
        return addresses.of_version(thing, page or "version", **more)
    return addresses.of_artifact(thing, page or "artifact", **more)
