"""Artifacts and drafts are deleted into the bin, had back from it, and purged when their time is over."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from governance import access, audit
from governance.audit import action
from governance.errors import Conflict
from governance.models import User
from registry.actions.artifacts import lock
from registry.actions.versions import there
from registry.models import Artifact, Deletion, Evaluation, Link, Record, Version

# Rows beside its versions without which it could not go.
HOLDING = ("moves", "waivers", "grants", "restrictions", "triages")
GONE = "It is not in the bin any more."


@action("artifact.delete")
def delete_artifact(artifact: Artifact, *, by: User) -> Deletion:
    """Put an artifact that nothing uses into the bin of its team. Its name stays taken meanwhile."""
    artifact = lock(artifact.pk)
    access.check(by, "artifact.delete", artifact)
    return put_away(artifact, "artifact.delete", by=by, artifact=artifact)


@action("version.delete")
def delete_draft(version: Version, *, by: User) -> Deletion:
    """Put a draft into the bin of its team. Its number is not given again."""
    lock(version.artifact_id)
    version = there(version)
    access.check(by, "version.delete", version)
    if not version.is_draft:
        raise Conflict(f"Version {version.number} is frozen: only drafts are deleted. It can be withdrawn.")
    return put_away(version, "version.delete", by=by, version=version)


def put_away(thing: Artifact | Version, name: str, *, by: User, **what: Any) -> Deletion:
    thing.deleted_at = timezone.now()
    thing.save(update_fields=["deleted_at"])
    deletion = Deletion.objects.create(team=thing.team, by=by, at=thing.deleted_at, **what)
    audit.record(name, thing, by=by, after={"until": deletion.purged_at.isoformat()})
    return deletion


@action("artifact.restore")
def restore(deletion: Deletion, *, by: User) -> Artifact | Version:
    """Have something back from the bin, as it was."""
    found = locked(deletion)
    if found is None:
        raise Conflict(GONE)
    access.check(by, "artifact.restore", found)
    if found.version is not None and found.whole.deleted_at is not None:
        raise Conflict(f"{found.whole.label} lies in the bin itself: restore that first.")
    thing = found.thing
    thing.deleted_at = None
    thing.save(update_fields=["deleted_at"])
    found.delete()
    audit.record("artifact.restore", thing, by=by)
    return thing


@action("artifact.purge")
def purge(deletion: Deletion, *, by: User) -> bool:
    """Take something out of the bin for good, when its time is over; whether it went. What is on legal hold
    or was taken into use stays. Its blobs are swept when nothing uses them."""
    found = locked(deletion)
    if found is None or not Deletion.objects.over().filter(pk=found.pk).exists():
        return False
    access.check(by, "artifact.purge", found)
    name = "version.delete" if found.version else "artifact.delete"
    if access.objections(by, name, found.thing):
        return False
    before = {"by": found.by.username, "at": found.at.isoformat()}
    audit.record("artifact.purge", found.thing, by=by, before=before)
    if found.version is not None:
        destroy_draft(found.version)
    else:
        destroy(found.whole)
    return True


def locked(deletion: Deletion) -> Deletion | None:
    """It as it is now, the row of its artifact locked; nothing when it is not in the bin any more."""
    Artifact.objects.select_for_update().filter(pk=deletion.whole.pk).first()
    return Deletion.objects.with_things().filter(pk=deletion.pk).first()


def destroy_draft(version: Version) -> None:
    """Its number stays used."""
    Artifact.objects.filter(pk=version.artifact_id, last_number__lt=version.number).update(
        last_number=version.number
    )
    version.records.all().delete()
    version.delete()


def destroy(artifact: Artifact) -> None:
    """All rows of an artifact that nothing else names, those first that hold others."""
    for name in HOLDING:
        getattr(artifact, name).all().delete()
    Link.objects.filter(parent__artifact=artifact).delete()
    Record.objects.filter(version__artifact=artifact).delete()
    Evaluation.objects.filter(version__artifact=artifact).delete()
    for version in artifact.versions.order_by("pk"):
        version.delete()
    artifact.delete()
