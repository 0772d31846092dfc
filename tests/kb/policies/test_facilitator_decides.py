"""In confidence the facilitator says who does what."""

from __future__ import annotations

import pytest

from kb import actions
from kb.policies.facilitator_decides import facilitator_decides
from tests import factories
from tests.kb.running import author, operator, steward, team

__all__ = ["author", "operator", "steward", "team"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def conflict(team, author, operator):
    tomas = factories.member(team, "data-engineer", username="tomas")
    people = {"facilitator": [operator], "party": [author, tomas]}
    return actions.start_run(team, "PB-17", subject=team.label, people=people, by=operator)


def test_the_facilitator_decides(conflict, operator):
    assert facilitator_decides(operator, conflict) is None


def test_a_party_does_not_unless_the_facilitator_has_left(conflict, author, operator):
    while_there = facilitator_decides(author, conflict)
    operator.is_active = False
    operator.save()

    assert while_there.sentence == "In a confidential run only priya may do this."
    assert facilitator_decides(author, conflict) is None
