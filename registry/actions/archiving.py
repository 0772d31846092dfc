"""Artifacts are archived when nothing new comes, and taken out again."""

from __future__ import annotations

from django.utils import timezone

from governance import access, audit
from governance.audit import action
from governance.errors import Conflict
from governance.models import User
from registry.actions.artifacts import lock
from registry.models import Artifact


@action("artifact.archive")
def archive(artifact: Artifact, *, by: User) -> Artifact:
    """Close an artifact to what is new, and take it out of lists. What is in use stays in use."""
    artifact = lock(artifact.pk)
    access.check(by, "artifact.archive", artifact)
    if artifact.archived_at is not None:
        raise Conflict(f"{artifact.name} is archived already.")
    artifact.archived_at = timezone.now()
    artifact.save(update_fields=["archived_at"])
    audit.record("artifact.archive", artifact, by=by)
    return artifact


@action("artifact.unarchive")
def unarchive(artifact: Artifact, *, by: User) -> Artifact:
    """Open it again."""
    artifact = lock(artifact.pk)
    access.check(by, "artifact.unarchive", artifact)
    if artifact.archived_at is None:
        raise Conflict(f"{artifact.name} is not archived.")
    artifact.archived_at = None
    artifact.save(update_fields=["archived_at"])
    audit.record("artifact.unarchive", artifact, by=by)
    return artifact
