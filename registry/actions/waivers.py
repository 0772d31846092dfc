"""Waivers end: what relied on them is asked about again, and people hear of it, before and then."""

from __future__ import annotations

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from governance import access, audit
from governance.actions import void_changed
from governance.audit import action
from governance.models import Approval, User
from governance.telling import holding, tell
from registry import incidents
from registry.actions.artifacts import lock
from registry.models import Artifact, Finding, Waiver
from registry.models.gates import gates_of


@action("waiver.end")
def end_waiver(waiver: Waiver, *, by: User) -> bool:
    """Put the end of a waiver on the record, once. Open requests that relied on it become void."""
    artifact = lock(waiver.artifact_id)
    access.check(by, "waiver.end", artifact)
    over = Waiver.objects.filter(pk=waiver.pk, ended_at=None, ends_at__lte=Now())
    if over.update(ended_at=timezone.now()) != 1:
        return False
    after = {"waiver": waiver.pk, "check": waiver.check_name, "name": waiver.name, "path": waiver.path}
    audit.record("waiver.end", artifact, by=by, after=after)
    void_relying(artifact, by=by)
    incidents.derive(artifact)
    covered = covered_by(waiver)
    if covered:
        tell("waiver-ending", concerned(waiver), artifact, ended(waiver, covered))
    return True


def void_relying(artifact: Artifact, *, by: User) -> None:
    """Close every open request whose evidence the end has changed."""
    asked = Approval.objects.open().filter(subject__startswith=f"{artifact.label}/versions/")
    numbers = {subject.rpartition("/")[2] for subject in asked.values_list("subject", flat=True)}
    for version in artifact.versions.filter(number__in=numbers).select_related("artifact__team", "added_by"):
        void_changed(version, by=by)


@transaction.atomic
def announce_end(waiver: Waiver, days: int) -> bool:
    """Tell that a waiver ends within so many days, once."""
    lock(waiver.artifact_id)
    if Waiver.objects.ending(days).filter(pk=waiver.pk).update(told_days=days) != 1:
        return False
    tell("waiver-ending", concerned(waiver), waiver.artifact, ending(waiver))
    return True


# ------------------------------------------------------------------ who hears of it, and what


def concerned(waiver: Waiver) -> list[User]:
    """The owner, who gave it, and the stewards."""
    artifact = waiver.artifact
    return [artifact.owner, waiver.by, *holding(artifact.team, "steward")]


def covered_by(waiver: Waiver) -> list[Finding]:
    """The open findings that it covers, or did."""
    same = Finding.objects.open().filter(version__artifact=waiver.artifact_id, check_name=waiver.check_name)
    return list(same.filter(path=waiver.path, name=waiver.name).select_related("version")[:100])


def ended(waiver: Waiver, covered: list[Finding]) -> str:
    versions = {finding.version_id for finding in covered}
    used = waiver.artifact.aliases.filter(name__in=gates_of(waiver.artifact.team), version__in=versions)
    names = " and ".join(alias.name for alias in used)
    counts = f"{named(waiver)} has ended: the finding counts again."
    return f"{counts} It is open in what {names} points at." if names else counts


def ending(waiver: Waiver) -> str:
    return f"{named(waiver)} ends on {waiver.ends_at:%d %B %Y}: cure the finding, or ask for another waiver."


def named(waiver: Waiver) -> str:
    return f"The waiver of {waiver.check_name} on {waiver.path} of {waiver.artifact.label}"
