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
from governance.names import plain_text
from governance.telling import tell
from registry import card_fields
from registry.front_matter import taken_in
from registry.models import Artifact, FormerName, Kind
from registry.models.bin import KEPT

SAID = ("description", "card", "tags", "licence")


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
    """A new model, dataset or asset of a team; who makes it owns it. Its description may be a card from
    elsewhere, with front matter."""
    access.check(by, "artifact.add", team)
    description, tags, licence = taken_in(description, once(tags), licence)
    artifact = cleaned(
        Artifact(
            team=team,
            kind=kind,
            name=name,
            description=description,
            tags=tags,
            licence=licence,
            owner=by,
            created_by=by,
        )
    )
    taking_turns(team)
    refuse_taken(team, kind, name)
    saved(artifact)
    audit.record("artifact.add", artifact, by=by, after=described(artifact))
    return artifact


@action("artifact.edit")
def edit_artifact(artifact: Artifact, /, *, by: User, **changes: Any) -> Artifact:
    """Change description, tags, licence or owner, and those fields of the card that `card` names. The owner
    must be a member who may push."""
    if "owner" in changes:  # nobody takes over a service account that becomes it, meanwhile
        changes["owner"] = User.objects.select_for_update(no_key=True).get(pk=changes["owner"].pk)
    artifact = lock(artifact.pk)
    access.check(by, "artifact.edit", artifact, owner=changes.get("owner"))
    before = described(artifact)
    for name in ("description", "tags", "licence", "owner"):
        if name in changes:
            setattr(artifact, name, changes[name])
    artifact.description, artifact.tags, artifact.licence = taken_in(
        artifact.description, once(artifact.tags), artifact.licence
    )
    artifact.card = card_fields.changed(artifact.kind, artifact.card, changes.get("card", {}))
    if access.role_objection(artifact.owner, "version.add", artifact) is not None:
        raise Invalid(f"{artifact.owner.username} may not push in {artifact.team.slug}, so cannot own this.")
    cleaned(artifact)
    after = described(artifact)
    if after != before:
        artifact.updated_at = timezone.now()
        artifact.save(update_fields=[*SAID, "owner", "updated_at"])
        audit.record("artifact.edit", artifact, by=by, before=before, after=after)
    if after["owner"] != before["owner"] and artifact.owner != by:
        tell("handed-over", [artifact.owner], artifact, f"{by} handed {artifact.label} over to you.")
    return artifact


def taking_turns(team: Team) -> None:
    """Names of a team are given one at a time: those that are and those that were stand in two tables."""
    Team.objects.select_for_update(no_key=True).get(pk=team.pk)


def refuse_taken(team: Team, kind: str, name: str, but: Artifact | None = None) -> None:
    """`Conflict` when another one has the name, also in the bin, or had it."""
    same = {"team": team, "kind": kind, "name__iexact": name}
    mine, word = but.pk if but else 0, Kind(kind).value
    if FormerName.objects.filter(**same).exclude(artifact=mine).exists():
        raise Conflict(f"{team.slug} had a {word} called {name}: the name stays reserved for what it was.")
    taken = Artifact.objects.filter(**same).exclude(pk=mine).first()
    if taken is None:
        return
    if taken.deleted_at is None:
        raise Conflict(f"{team.slug} already has a {word} called {name}.")
    until = f"{taken.deleted_at + KEPT:%-d %B %Y}"
    raise Conflict(f"A {word} called {name} lies in the bin of {team.slug} until {until}: restore it.")


def once(tags: Iterable[str]) -> list[str]:
    """Each tag where it is first."""
    return list(dict.fromkeys(tags))


def described(artifact: Artifact) -> dict[str, Any]:
    return {
        "description": artifact.description,
        "tags": artifact.tags,
        "licence": artifact.licence,
        "owner": artifact.owner.username,
        **({"card": artifact.card} if artifact.card else {}),
    }


def lock(artifact_id: int) -> Artifact:
    """Every write below an artifact locks its row first: that serialises submits and promotions."""
    return Artifact.objects.locked(artifact_id)


def touch(artifact: Artifact) -> None:
    Artifact.objects.filter(pk=artifact.pk).update(updated_at=timezone.now())


def because(reason: str, what: str) -> str:
    """A reason that can be read; `what` it is for is named when there is none."""
    if not reason.strip():
        raise Invalid(f"{what} needs a reason.", errors={"reason": ["Say why."]})
    return plain_text(reason, "reason")
