"""Who stopped something does not let it go again."""

from __future__ import annotations

import pytest

from registry import actions
from registry.policies.undone_by_another import undone_by_another
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(artifact, steward):
    return actions.hold(artifact, reason="A case.", by=steward)


def asked(person, artifact):
    return undone_by_another(person, artifact, action="artifact.release_hold")


def test_what_nobody_stopped_is_not_its_to_say(artifact, steward):
    assert asked(steward, artifact) is None


def test_another_steward_may(held, team):
    assert asked(factories.member(team, "steward"), held) is None


def test_who_stopped_it_may_not(held, steward, team):
    factories.member(team, "steward", username="leila")

    objection = asked(steward, held)

    assert objection.sentence == "Someone other than jonas, and whom jonas did not make, must do this."
    assert (objection.who, objection.link) == ("leila", "/models/fraud/scorer/")


def test_whom_they_made_may_not(held, steward, team):
    made = factories.member(team, "steward")
    team.memberships.filter(user=made).update(granted_by=steward)

    assert asked(made, held) is not None
