"""Incidents as pages say them: a notice above what they are about."""

from __future__ import annotations

from governance.models import User
from registry.incidents import said
from registry.models import Artifact, Incident, Version
from registry.models.incidents import IncidentQuerySet
from registry.presenting.addresses import of_version

MOST = 5


def of_version_shown(version: Version) -> list[dict[str, str]]:
    return notices(version.incidents.open())


def of_artifact_shown(person: User, artifact: Artifact) -> list[dict[str, str]]:
    return notices(Incident.objects.visible_to(person).open().filter(version__artifact=artifact))


def notices(incidents: IncidentQuerySet) -> list[dict[str, str]]:
    """As `_components/notice.html` takes them."""
    found = incidents.select_related("version__artifact__team").defer("version__artifact__search")
    return [notice(incident) for incident in found.order_by("pk")[:MOST]]


def notice(incident: Incident) -> dict[str, str]:
    return {
        "state": "blocked",
        "text": said(incident.alias, incident.version, incident.findings),
        "href": of_version(incident.version, "findings"),
        "link": "Read them",
    }
