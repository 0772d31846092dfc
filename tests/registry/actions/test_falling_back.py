"""Where a gate says so, an alias goes back by itself from what is critical to what is clean."""

from __future__ import annotations

import pytest
from django.utils import timezone

from governance.models import Event, Notification
from registry import actions
from registry.gate_changes import changes
from registry.jobs.derive_incidents import derive_incidents
from registry.models import CheckResult, Gate, GateRequest, Incident, Move, Severity, Version
from registry.models.gates import gates_of
from tests import factories
from tests.governance.api.caller import Caller
from tests.pages import said as words
from tests.registry.actions.test_gates import GATE, REQUESTS, USUAL, post_page
from tests.registry.conftest import found
from tests.registry.test_gates import fresh, settings
from tests.registry.views.conftest import signed_in  # noqa: F401  a fixture

pytestmark = pytest.mark.django_db


@pytest.fixture
def newer(clean, author, steward, operator) -> Version:
    """In staging, after one that is clean."""
    later = factories.submitted(clean.artifact, author)
    CheckResult.objects.filter(version=later).update(outcome="done", finished_at=timezone.now())
    for version in (clean, later):
        actions.promote(version, "staging", by=operator)
    return later


def staged(version: Version) -> int:
    return version.artifact.aliases.get(name="staging").version.number


def test_it_goes_back_once_on_the_record_and_people_are_told(newer, clean, team, steward):
    settings(team, steward, staging=Gate(falls_back=True))
    found(newer, Severity.CRITICAL)

    said = [derive_incidents(), derive_incidents()]

    assert (staged(newer), said) == (1, ["Changed 2 incidents.", None])
    move = Move.objects.first()
    assert (move.rollback, move.by.username, move.before) == (True, "system", newer)
    event = Event.objects.get(action="version.rollback")
    assert (event.subject, event.reason) == (clean.label, "By itself: version 2 has a critical finding.")
    assert Incident.objects.get().how == "moved"
    told = Notification.objects.filter(kind="incident", subject=clean.label).select_related("user")
    sentence = "staging went back to scorer 1 by itself: version 2 is critical."
    assert {(each.user.username, each.sentence) for each in told} == {
        (name, sentence) for name in ("mara", "jonas", "priya")
    }


def nothing(newer, clean, team, steward):
    """The usual gate."""
    settings(team, steward)
    found(newer, Severity.CRITICAL)


def only_high(newer, clean, team, steward):
    settings(team, steward, staging=Gate(falls_back=True))
    found(newer, Severity.HIGH)


def both_bad(newer, clean, team, steward):
    settings(team, steward, staging=Gate(falls_back=True))
    found(newer, Severity.CRITICAL)
    found(clean, Severity.HIGH)


def withdrawn(newer, clean, team, steward):
    settings(team, steward, staging=Gate(falls_back=True))
    actions.withdraw(clean, reason="It leaks.", by=steward)
    found(newer, Severity.CRITICAL)


@pytest.mark.slow
@pytest.mark.parametrize("world", [nothing, only_high, both_bad, withdrawn])
def test_otherwise_it_stays_and_the_incident_stays_open(newer, clean, team, steward, world):
    world(newer, clean, team, steward)

    derive_incidents()

    assert (staged(newer), Incident.objects.open().count()) == (2, 1)


def test_what_never_pointed_elsewhere_stays(clean, team, steward, operator):
    settings(team, steward, staging=Gate(falls_back=True))
    actions.promote(clean, "staging", by=operator)
    found(clean, Severity.CRITICAL)

    assert (derive_incidents(), staged(clean)) == ("Changed 1 incident.", 1)


@pytest.mark.parametrize("door", ["page", "program"])
def test_it_is_asked_for_at_both_doors(team, steward, signed_in, door):  # noqa: F811
    leila = factories.member(team, "steward", username="leila")
    if door == "page":
        sent = {"staging.approvals": "0", "production.approvals": "1", "production.falls_back": "on"}
        post_page(signed_in(steward), GATE, **sent)
    else:
        gates = {"staging": {"approvals": 0}, "production": {"approvals": 1, "falls_back": True}}
        Caller(steward).post(REQUESTS, {"gates": gates})
    actions.confirm_gates(GateRequest.objects.get(), by=leila)

    assert gates_of(fresh(team)) == {**USUAL, "production": Gate(approvals=1, falls_back=True)}
    assert "rolled back by itself" in words(signed_in(leila).get(GATE))


@pytest.mark.parametrize(("before", "loosens"), [(True, True), (False, False)])
def test_a_gate_that_does_it_no_more_is_looser(before, loosens):
    was, then = ({"staging": Gate(falls_back=each)} for each in (before, not before))

    assert [(change.what, change.loosens) for change in changes(was, then)] == [
        ("rolls back by itself", loosens)
    ]
