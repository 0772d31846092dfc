"""Artifacts get other names. What was agreed and what is asked stays with them."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from governance import access, audit
from governance.actions import cleaned, rename_below
from governance.audit import action
from governance.errors import Conflict
from governance.models import User
from registry.actions.artifacts import lock, refuse_taken, taking_turns
from registry.models import Artifact, FormerName


@action("artifact.rename")
def rename(artifact: Artifact, name: str, *, by: User) -> Artifact:
    """Call an artifact otherwise. The old name leads to it and stays its own; going back is going on."""
    taking_turns(artifact.team)
    artifact = lock(artifact.pk)
    access.check(by, "artifact.rename", artifact)
    was, before = artifact.name, artifact.label
    if name == was:
        raise Conflict(f"It is called {was} already.")
    artifact.name = name
    artifact.first_name = artifact.first_name or was
    artifact.updated_at = timezone.now()
    refuse_taken(cleaned(artifact).team, artifact.kind, name, but=artifact)
    save(artifact)
    remember(artifact, was)
    rename_below(before, artifact.label)
    audit.record("artifact.rename", artifact, by=by, before={"was": before}, after={"is": artifact.label})
    return artifact


def save(artifact: Artifact) -> None:
    try:
        with transaction.atomic():
            artifact.save(update_fields=["name", "first_name", "updated_at"])
    except IntegrityError as error:
        raise Conflict(f"There is already something called {artifact.name}.") from error


def remember(artifact: Artifact, was: str) -> None:
    """The old name, and the new one no longer as a former one."""
    artifact.former_names.filter(Q(name__iexact=was) | Q(name__iexact=artifact.name)).delete()
    FormerName.objects.create(
        artifact=artifact, team=artifact.team, kind=artifact.kind, name=was, until=timezone.now()
    )
