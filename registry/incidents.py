"""Incidents open and close by themselves: derived from what aliases point at and what blocks there.

May run twice or beside itself: whoever asks holds the artifact's row. What only time or a setting changes is
found by the job `derive_incidents`.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Exists, OuterRef
from django.utils import timezone

from governance import audit
from governance.models import User
from governance.telling import holding, settle, tell
from governance.templatetags.words import counted
from registry.models import Alias, Artifact, Finding, Incident, Version
from registry.models.findings import BLOCKING
from registry.models.gates import gates_of

MOST_NAMES = 100
Key = tuple[str, int]


def derive(artifact: Artifact) -> int:
    """Open what is to be opened below a locked artifact, close what is over; how many changed."""
    now, standing = due(artifact), standing_of(artifact)
    over = [close(incident) for key, incident in standing.items() if key not in now]
    changed = [note(key, findings, standing.get(key)) for key, findings in now.items()]
    return len(over) + sum(changed)


def standing_of(artifact: Artifact) -> dict[Key, Incident]:
    found = Incident.objects.open().filter(version__artifact=artifact)
    return {(incident.alias, incident.version_id): incident for incident in found}


def due(artifact: Artifact) -> dict[Key, list[str]]:
    """What blocks in what a protected alias points at. What could not be checked is no incident: the last
    finished result counts."""
    used = artifact.aliases.filter(name__in=gates_of(artifact.team), version__withdrawn_at=None)
    keys: list[Key] = list(used.values_list("name", "version_id"))
    found: dict[int, list[str]] = {}
    for finding in blocking({version for _, version in keys}):
        found.setdefault(finding.version_id, []).append(finding.name)
    return {key: found[key[1]][:MOST_NAMES] for key in keys if key[1] in found}


def blocking(versions: set[int]) -> Sequence[Finding]:
    """The worst first."""
    if not versions:
        return []
    return list(Finding.objects.filter(version__in=versions).exclude(name=Finding.NOT_FINISHED).blocking())


def artifacts(limit: int) -> list[int]:
    """Those where an incident is open, or should be."""
    bad = Finding.objects.filter(version=OuterRef("version")).exclude(name=Finding.NOT_FINISHED).blocking()
    known = Incident.objects.open().filter(version=OuterRef("version"), alias=OuterRef("name"))
    used = Alias.objects.filter(
        Exists(bad), ~Exists(known), version__withdrawn_at=None, artifact__deleted_at=None
    ).select_related("artifact__team")
    new = {alias.artifact_id for alias in used.order_by("pk")[:limit] if alias.protected}
    old = Incident.objects.open().filter(version__artifact__deleted_at=None).order_by("pk")
    return sorted(new | set(old.values_list("version__artifact", flat=True)[:limit]))


# ------------------------------------------------------------------ changing


def note(key: Key, findings: list[str], incident: Incident | None) -> bool:
    """Open it, or write down what blocks by now; people hear of what is new."""
    alias, version_id = key
    before = incident.findings if incident else []
    if sorted(before) == sorted(findings):
        return False
    version = Version.objects.select_related("artifact__team", "artifact__owner").get(pk=version_id)
    after = {"alias": alias, "findings": findings}
    if incident is None:
        Incident.objects.create(version=version, alias=alias, findings=findings)
        audit.record("incident.open", version, by=User.system(), after=after)
    else:
        Incident.objects.filter(pk=incident.pk).update(findings=findings)
        audit.record("incident.change", version, by=User.system(), before={"findings": before}, after=after)
    if set(findings) - set(before):
        tell_open(version, alias, findings)
    return True


def close(incident: Incident) -> Incident:
    version = Version.objects.select_related("artifact__team").get(pk=incident.version_id)
    incident.closed_at, incident.how = timezone.now(), why_over(incident, version)
    incident.save(update_fields=["closed_at", "how"])
    after = {"alias": incident.alias, "how": incident.get_how_display()}
    audit.record("incident.close", version, by=User.system(), after=after)
    if not version.incidents.open().exists():
        settle("incident", version)
    return incident


def why_over(incident: Incident, version: Version) -> str:
    if version.withdrawn_at is not None:
        return Incident.How.WITHDRAWN
    held = version.aliases.filter(name=incident.alias).exists()
    if not held or incident.alias not in gates_of(version.team):
        return Incident.How.MOVED
    still = version.findings.open().filter(name__in=incident.findings, severity__gte=BLOCKING)
    return Incident.How.WAIVED if still.exists() else Incident.How.CURED


def tell_open(version: Version, alias: str, findings: Sequence[str]) -> None:
    tell("incident", concerned(version), version, said(alias, version, findings))


def concerned(version: Version) -> list[User]:
    """Whose it is, who decides, and who runs it."""
    mine = User.objects.filter(pk__in={*version.authors, version.artifact.owner_id})
    return [*mine, *holding(version.team, "steward"), *holding(version.team, "devops-engineer")]


def said(alias: str, version: Version, findings: Sequence[str]) -> str:
    return f"{alias} points at {version}, which is blocked: {counted(len(findings), 'finding')}."
