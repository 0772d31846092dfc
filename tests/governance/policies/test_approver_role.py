"""A gate says whose yes it takes."""

from __future__ import annotations

import pytest

from governance.models import Approval
from governance.policies.approver_role import approver_role
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return factories.team("fraud")


@pytest.fixture
def steward(team):
    return factories.member(team, "steward", username="jonas")


@pytest.fixture
def approval(team):
    asker = factories.member(team, "data-scientist", username="mara")
    about = {"subject": "models/fraud/scorer/versions/1", "digest": "0" * 64, "evidence": {}}
    return Approval.objects.create(team=team, alias="production", requested_by=asker, **about)


def test_a_role_whose_yes_does_not_count_is_refused(approval, team, steward):
    leila = factories.member(team, "data-scientist", username="leila")

    objection = approver_role(leila, team, approval=approval)

    assert (objection.sentence, objection.cure, objection.who, objection.link) == (
        "An approval for production is given by a steward.",
        "somebody who has that role decides.",
        "jonas",
        f"/approvals/{approval.pk}/",
    )


def test_a_role_whose_yes_counts_is_not(approval, team, steward):
    approval.by_roles = ["steward", "devops-engineer"]

    operator = factories.member(team, "devops-engineer", username="priya")

    assert approver_role(steward, team, approval=approval) is None
    assert approver_role(operator, team, approval=approval) is None


def test_a_role_in_another_team_counts_for_nothing(approval, team, steward):
    other = factories.team("pricing")
    elsewhere = factories.member(other, "steward", username="noor")

    assert approver_role(elsewhere, team, approval=approval).who == "jonas"
