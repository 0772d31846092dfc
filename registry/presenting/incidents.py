"""Incidents as pages say them: a notice above what they are about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from governance.models import User
from governance.prepared import prepared
from registry.incidents import said
from registry.models import Artifact, Incident, Version
from registry.models.incidents import IncidentQuerySet
from registry.presenting.addresses import of_version

MOST = 5


def of_version_shown(version: Version) -> list[dict[str, str]]:
    return notices(of_one(version=version.pk))


def of_artifact_shown(person: User, artifact: Artifact) -> list[dict[str, str]]:
    return notices(of_all(person, artifact=artifact.pk))


@prepared
def of_one(*, version: Any) -> QuerySet[Incident]:
    return first(Incident.objects.filter(version=version))


@prepared
def of_all(person: User, *, artifact: Any) -> QuerySet[Incident]:
    return first(Incident.objects.visible_to(person).filter(version__artifact=artifact))


def first(incidents: IncidentQuerySet) -> QuerySet[Incident]:
    found = incidents.open().select_related("version__artifact__team").defer("version__artifact__search")
    return found.order_by("pk")[:MOST]


def notices(incidents: Iterable[Incident]) -> list[dict[str, str]]:
    """As `_components/notice.html` takes them."""
    return [notice(incident) for incident in incidents]


def notice(incident: Incident) -> dict[str, str]:
    return {
        "state": "blocked",
        "text": said(incident.alias, incident.version, incident.findings),
        "href": of_version(incident.version, "findings"),
        "link": "Read them",
    }
