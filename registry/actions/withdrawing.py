"""Versions are withdrawn from use, at once, and reinstated by somebody else."""

from __future__ import annotations

from django.utils import timezone

from governance import access, audit
from governance.actions import withdraw_about
from governance.audit import action
from governance.errors import Conflict
from governance.models import User
from governance.telling import holding, tell
from registry import incidents
from registry.actions.artifacts import because, lock
from registry.actions.follows import news
from registry.actions.versions import there
from registry.models import Version
from registry.models.gates import gates_of

FIELDS = ["withdrawn_at", "withdrawn_by", "withdrawn_reason"]
MOST_TOLD = 200


@action("version.withdraw")
def withdraw(version: Version, *, reason: str, also: bool = False, by: User) -> Version:
    """Stop a version, whatever was agreed about it. `also`: though a protected alias points at it, which then
    leads to nothing that can be fetched."""
    artifact = lock(version.artifact_id)
    version = there(version)
    access.check(by, "version.withdraw", version)
    if version.is_draft:
        raise Conflict(f"Version {version.number} is a draft: it is deleted, not withdrawn.")
    if version.withdrawn_at is not None:
        raise Conflict(f"Version {version.number} is withdrawn already.")
    held = protecting(version)
    if held and not also:
        raise Conflict(cuts_off(version, held))
    reason = because(reason, "A withdrawal")
    version.withdrawn_at, version.withdrawn_by, version.withdrawn_reason = timezone.now(), by, reason
    version.save(update_fields=FIELDS)
    audit.record("version.withdraw", version, by=by, after={"aliases": held}, reason=reason)
    withdraw_about(version, by=by)
    tell_withdrawn(version, by=by)
    incidents.derive(artifact)
    return version


@action("version.reinstate")
def reinstate(version: Version, *, reason: str, by: User) -> Version:
    """Let a version into use again that somebody else has withdrawn. Its gate asks as before."""
    artifact = lock(version.artifact_id)
    version = there(version)
    access.check(by, "version.reinstate", version)
    if version.withdrawn_at is None:
        raise Conflict(f"Version {version.number} is not withdrawn.")
    reason = because(reason, "A reinstatement")
    before = {"since": version.withdrawn_at.isoformat(), "reason": version.withdrawn_reason}
    version.withdrawn_at, version.withdrawn_by, version.withdrawn_reason = None, None, ""
    version.save(update_fields=FIELDS)
    audit.record("version.reinstate", version, by=by, before=before, reason=reason)
    incidents.derive(artifact)
    return version


def protecting(version: Version) -> list[str]:
    """The protected aliases that point at it."""
    gates = gates_of(version.team)
    return [name for name in version.aliases.order_by("name").values_list("name", flat=True) if name in gates]


def cuts_off(version: Version, held: list[str]) -> str:
    names = " and ".join(held)
    points = "points" if len(held) == 1 else "point"
    return (
        f"{names.capitalize()} {points} at version {version.number}: whoever fetches it so gets nothing from "
        "then on. Roll back first, or say that this is meant: also."
    )


def tell_withdrawn(version: Version, *, by: User) -> None:
    """Whose it is, and whose versions come from it: of those they hear by their own version's name."""
    artifact = version.artifact
    people = {artifact.owner, *User.objects.filter(pk__in=version.authors), *holding(version.team, "steward")}
    tell("withdrawn", people - {by}, version, f"{by} withdrew {version}: {version.withdrawn_reason}")
    news(version, f"Version {version.number} of {artifact.name} was withdrawn.", by=by, told=people)
    below = version.children.exclude(version__artifact=artifact)
    for link in below.select_related("version__artifact__team", "version__artifact__owner")[:MOST_TOLD]:
        child, how = link.version, link.get_relation_display()
        sentence = f"{child} was {how} a version that is withdrawn."
        tell("withdrawn", [child.artifact.owner], child, sentence)
