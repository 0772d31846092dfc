"""What a change of gates would let through is said before anybody confirms it."""

from __future__ import annotations

import pytest

from registry import actions
from registry.loosening import lets_through
from registry.models import Gate, Severity
from tests import factories
from tests.pages import said
from tests.registry.conftest import found
from tests.registry.views.conftest import signed_in  # noqa: F401  a fixture

pytestmark = pytest.mark.django_db

USUAL = {"staging": Gate(), "production": Gate(approvals=1)}


@pytest.fixture
def leila(team):
    return factories.member(team, "steward", username="leila")


@pytest.fixture
def strict(team, steward, leila):
    """Two approvals for canary and production."""
    gates = {"canary": Gate(approvals=2), "staging": Gate(), "production": Gate(approvals=2)}
    return actions.confirm_gates(actions.request_gates(team, gates, by=steward), by=leila)


def asked(team, steward, **gates: Gate):
    team.refresh_from_db()
    team.__dict__.pop("_gate_settings", None)
    return actions.request_gates(team, {**USUAL, "production": Gate(approvals=2), **gates}, by=steward)


def test_what_could_be_promoted_at_once(team, steward, strict, clean):
    assert lets_through(asked(team, steward, canary=Gate()), steward) == [
        "1 version could become canary at once: scorer 1."
    ]


def test_what_would_need_fewer_approvals(team, steward, strict, clean):
    change = asked(team, steward, canary=Gate(approvals=2), production=Gate(approvals=1))

    assert lets_through(change, steward) == [
        "1 version would need 1 approval instead of 2 to become production: scorer 1."
    ]


def test_a_gate_that_goes_is_said(team, steward, strict):
    assert lets_through(asked(team, steward), steward) == [
        "canary has no gate any more: whoever may push points it at any version."
    ]


def test_what_is_blocked_anyway_is_not_let_through(team, steward, strict, clean):
    found(clean, Severity.HIGH)

    assert lets_through(asked(team, steward, canary=Gate()), steward) == []


def test_what_tightens_lets_nothing_through(team, steward, strict, clean):
    assert lets_through(asked(team, steward, canary=Gate(approvals=3)), steward) == []


def test_the_page_says_it(team, steward, leila, strict, clean, signed_in):  # noqa: F811
    change = asked(team, steward, canary=Gate())

    page = said(signed_in(leila).get(f"/teams/fraud/gate/requests/{change.pk}/"))

    assert "What it would let through 1 version could become canary at once: scorer 1." in page
    assert "canary approvals 2 0 Loosens" in page
