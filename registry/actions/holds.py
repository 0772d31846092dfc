"""Legal holds: while there is one, nothing of an artifact vanishes, whoever asks and whichever job runs."""

from __future__ import annotations

from django.utils import timezone

from governance import access, audit
from governance.audit import action
from governance.errors import Conflict
from governance.models import User
from registry.actions.artifacts import because, lock
from registry.models import Artifact

FIELDS = ["held_at", "held_by", "held_reason"]


@action("artifact.hold")
def hold(artifact: Artifact, *, reason: str, by: User) -> Artifact:
    """Keep everything that there is of an artifact until another steward releases it."""
    artifact = lock(artifact.pk)
    access.check(by, "artifact.hold", artifact)
    if artifact.held_at is not None:
        raise Conflict(f"{artifact.name} is on legal hold already.")
    reason = because(reason, "A legal hold")
    artifact.held_at, artifact.held_by, artifact.held_reason = timezone.now(), by, reason
    artifact.save(update_fields=FIELDS)
    audit.record("artifact.hold", artifact, by=by, reason=reason)
    return artifact


@action("artifact.release_hold")
def release_hold(artifact: Artifact, *, reason: str, by: User) -> Artifact:
    """Let go of what somebody else has put on hold."""
    artifact = lock(artifact.pk)
    access.check(by, "artifact.release_hold", artifact)
    if artifact.held_at is None:
        raise Conflict(f"{artifact.name} is not on legal hold.")
    reason = because(reason, "Releasing a hold")
    before = {"since": artifact.held_at.isoformat(), "reason": artifact.held_reason}
    artifact.held_at, artifact.held_by, artifact.held_reason = None, None, ""
    artifact.save(update_fields=FIELDS)
    audit.record("artifact.release_hold", artifact, by=by, before=before, reason=reason)
    return artifact
