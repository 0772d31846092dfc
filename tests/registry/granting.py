"""A restricted dataset, and people with and without a grant to read it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from governance.models import Team, User
from registry import actions
from registry.models import Artifact, Grant, Kind, Version
from tests import factories
from tests.registry.api.conftest import passed

WHY = "It holds what people earn."
PURPOSE = "To train the scorer."


def dataset(team: Team, owner: User, name: str = "wine") -> Artifact:
    return factories.artifact(team, owner, Kind.DATASET, name=name)


def filled(artifact: Artifact, by: User) -> Version:
    files = {"wine.csv": b"acid,sugar\n1,2\n"}
    return passed(factories.submitted(artifact, by, files, notes="notes-of-the-wine", metrics={"rows": 1}))


def restricted(team: Team, owner: User, name: str = "wine") -> Artifact:
    return actions.restrict(dataset(team, owner, name), reason=WHY, by=owner)


def days(number: float) -> datetime:
    return timezone.now() + timedelta(days=number)


def asked(artifact: Artifact, by: User, until: float = 30) -> Grant:
    return actions.request_grant(artifact, purpose=PURPOSE, until=days(until), by=by)


def granted(artifact: Artifact, person: User, until: float = 30) -> Grant:
    return actions.approve_grant(asked(artifact, person, until), by=artifact.owner)


def left(grant: Grant, **left: float) -> None:
    """As if so much of a year were left, that was granted when it began."""
    ends_at = timezone.now() + timedelta(**left)
    began = ends_at - timedelta(days=365)
    Grant.objects.filter(pk=grant.pk).update(ends_at=ends_at, requested_at=began, decided_at=began)
