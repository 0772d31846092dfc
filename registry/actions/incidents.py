"""Incidents are derived again from what is so now, and where a gate says so, its alias is rolled back."""

from __future__ import annotations

from django.db import transaction

from governance import access
from governance.models import User
from governance.telling import tell
from registry import incidents
from registry.actions.aliases import point
from registry.actions.artifacts import lock
from registry.models import Artifact, Finding, Incident, Severity, Version
from registry.models.gates import gates_of
from registry.policies.fit_for_use import danger


@transaction.atomic
def derive_incidents(artifact_id: int) -> int:
    """Below one artifact; how many changed."""
    artifact = lock(artifact_id)
    changed = incidents.derive(artifact)
    standing = Incident.objects.open().filter(version__artifact=artifact)
    gates = gates_of(artifact.team)
    falling = [incident for incident in standing if gates[incident.alias].falls_back]
    return changed + sum(fall_back(artifact, incident) for incident in falling)


def fall_back(artifact: Artifact, incident: Incident) -> bool:
    """Roll back from what is critical to what held the alias before, when nothing is the matter with that."""
    version, before = incident.version, held_before(artifact, incident)
    if before is None or not critical(version) or danger(before)[0] is not None:
        return False
    system = User.system()
    if access.objections(system, "version.rollback", before, alias=incident.alias):
        return False
    reason = f"By itself: version {version.number} has a critical finding."
    point(artifact, incident.alias, before, name="version.rollback", reason=reason, by=system)
    sentence = f"{incident.alias} went back to {before} by itself: version {version.number} is critical."
    tell("incident", incidents.concerned(version), before, sentence)
    return True


def held_before(artifact: Artifact, incident: Incident) -> Version | None:
    moves = artifact.moves.filter(alias=incident.alias, version=incident.version).exclude(
        before=incident.version
    )
    last = moves.select_related("before__artifact__team", "before__added_by").first()
    return last.before if last else None


def critical(version: Version) -> bool:
    found = Finding.objects.filter(version=version, severity=Severity.CRITICAL)
    return found.exclude(name=Finding.NOT_FINISHED).blocking().exists()
