"""No service account makes a decision."""

from __future__ import annotations

import pytest

from governance import access, actions
from governance.policies.people_decide import SENTENCE, people_decide
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return factories.team("fraud")


@pytest.fixture
def mara(team):
    return factories.member(team, "data-scientist", username="mara")


def test_a_person_decides(mara, team):
    assert people_decide(mara, team) is None


def test_a_service_account_does_not(mara, team):
    account = actions.add_service(
        team, "ci", roles=["data-scientist"], answered_by=mara, by=factories.admin()
    )

    assert people_decide(account, team).sentence == SENTENCE


@pytest.mark.parametrize(
    "action",
    [
        "approval.approve",
        "approval.reject",
        "finding.waive",
        "gate.confirm",
        "gate.reject",
        "name.add",
        "name.end",
        "signing_key.add",
        "signing_key.end",
    ],
)
def test_it_is_asked_about_every_decision(action):
    assert "people_decide" in access.policies(action)
