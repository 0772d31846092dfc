"""Artifacts are made and described."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from governance import access, audit
from governance.actions import cleaned, saved
from governance.audit import action
from governance.errors import Conflict, Invalid
from governance.models import Team, User
from registry.models import Artifact, Kind


@action("artifact.add")
def add_artifact(
    team: Team,
    *,
    kind: Kind,
    name: str,
    description: str = "",
    tags: Iterable[str] = (),
    licence: str = "",
    by: User,
) -> Artifact:
    """A new model, dataset or asset of a team; who makes it owns it."""
    access.check(by, "artifact.add", team)
    artifact = cleaned(
        Artifact(
            team=team,
            kind=kind,
            name=name,
            description=description,
            tags=once(tags),
            licence=licence,
            owner=by,
            created_by=by,
        )
    )
    if Artifact.objects.filter(team=team, kind=kind, name__iexact=name).exists():
        raise Conflict(f"{team.slug} already has a {kind.value} called {name}.")
    saved(artifact)
    audit.record("artifact.add", artifact, by=by, after=described(artifact))
    return artifact


@action("artifact.edit")
def edit_artifact(artifact: Artifact, /, *, by: User, **changes: Any) -> Artifact:
    """Change description, tags, licence or owner. The owner must be a member who may push."""
    artifact = (
        Artifact.objects.select_for_update(of=("self",)).select_related("team", "owner").get(pk=artifact.pk)
    )
    access.check(by, "artifact.edit", artifact, owner=changes.get("owner"))
    before = described(artifact)
    for name in ("description", "tags", "licence", "owner"):
        if name in changes:
            setattr(artifact, name, changes[name])
    artifact.tags = once(artifact.tags)
    if access.role_objection(artifact.owner, "version.add", artifact) is not None:
        raise Invalid(f"{artifact.owner.username} may not push in {artifact.team.slug}, so cannot own this.")
    cleaned(artifact)
    after = described(artifact)
    if after != before:
        artifact.updated_at = timezone.now()
        artifact.save(update_fields=["description", "tags", "licence", "owner", "updated_at"])
        audit.record("artifact.edit", artifact, by=by, before=before, after=after)
    return artifact


def once(tags: Iterable[str]) -> list[str]:
    """Each tag where it is first."""
    return list(dict.fromkeys(tags))


def described(artifact: Artifact) -> dict[str, Any]:
    return {
        "description": artifact.description,
        "tags": artifact.tags,
        "licence": artifact.licence,
        "owner": artifact.owner.username,
    }


def lock(artifact_id: int) -> Artifact:
    """Every write below an artifact locks its row first: that serialises submits and promotions."""
    return Artifact.objects.select_for_update(of=("self",)).select_related("team").get(pk=artifact_id)


def touch(artifact: Artifact) -> None:
    Artifact.objects.filter(pk=artifact.pk).update(updated_at=timezone.now())
