"""A token makes none that reaches further than itself."""

from __future__ import annotations

import pytest

from governance.models import Token
from governance.policies.no_wider_token import no_wider_token
from tests import factories
from tests.governance.api.caller import said
from tests.governance.test_scopes import NARROW, holding, recognised

pytestmark = pytest.mark.django_db

MANAGING = {**NARROW, "manage": True}
WIDER = "A token makes none that is wider than itself: "


@pytest.fixture
def team():
    return factories.team("fraud")


@pytest.fixture
def mara(team):
    return factories.member(team, "steward", username="mara")


def test_a_person_ticks_what_they_like(mara, team):
    assert no_wider_token(mara, mara, team=None, groups=["approve", "manage"]) is None


def test_the_same_reach_is_not_wider(mara, team):
    person = recognised(mara, team=team, **MANAGING)

    assert no_wider_token(person, person, team=team, groups=["manage"]) is None


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"approve": True}, "this one was made without “Approve”."),
        ({"waive": True, "manage": True}, "this one was made without “Waive”."),
    ],
)
def test_what_was_not_ticked_is_not_handed_on(mara, body, why):
    answer = holding(mara, **MANAGING).post("tokens/", {"name": "wide", **body})

    assert said(answer) == (403, WIDER + why)
    assert Token.objects.filter(name="wide").count() == 0


def test_a_token_for_one_team_makes_none_for_every_team(mara, team):
    caller = holding(mara, team=team, **MANAGING)

    wide = caller.post("tokens/", {"name": "wide"})
    same = caller.post("tokens/", {"name": "same", "team": "fraud", "manage": True})

    assert said(wide) == (403, f"{WIDER}this one is for fraud alone.")
    assert same.status_code == 201
