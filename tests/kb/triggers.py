"""Triggers of the small playbook, for tests."""

from __future__ import annotations

import pytest
from django.utils import timezone

from governance.models import Event
from kb import actions
from kb.models import Trigger
from registry.checking import Said, finish, upsert
from registry.checks import Issue
from registry.models import CheckResult, Version
from tests.kb.running import artifact, author, clean, operator, playbook, reader, steward, team, waiting

__all__ = ["artifact", "author", "clean", "operator", "reader", "steward", "team", "trigger", "waiting"]

CHECK = "pickle_imports"


@pytest.fixture
def trigger(team, steward) -> Trigger:
    """On: when the check fails on anything of the team."""
    playbook(team)
    return actions.switch_on(made(team, steward), by=steward)


def made(team, steward, **cause) -> Trigger:
    given = {"kind": "check", "check_name": CHECK, **cause}
    return actions.add_trigger(team, "PB-90", by=steward, **given)


def fails(version: Version, severity: str = "high") -> Event:
    """The check finds something, and the round ends."""
    said(version, Issue(severity, "Strange.", "strange.Name"))
    ends(version)
    return Event.objects.filter(action="finding.open").first()


def passes(version: Version) -> Event:
    said(version)
    return ends(version)


def said(version: Version, *issues: Issue) -> None:
    upsert(version, [Said("model.pkl", CHECK, list(issues), True)])


def ends(version: Version) -> Event:
    CheckResult.objects.filter(version=version, check_name=CHECK).update(finished_at=timezone.now())
    finish(version)
    return Event.objects.filter(action="version.check").first()
