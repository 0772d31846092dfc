"""Nobody changes a gate alone, but for a team of one on its first day."""

from __future__ import annotations

import pytest

from governance import actions as governing
from governance.models import Membership
from registry import actions
from registry.models import Gate
from registry.policies.another_steward import another_steward
from tests import factories

pytestmark = pytest.mark.django_db

ASKED = "Someone other than the person who asked must do this."
MADE = "Someone whose account or role was not made by the person who asked must do this."


@pytest.fixture
def asked(team, steward):
    gates = {"staging": Gate(), "production": Gate(approvals=2)}
    return actions.request_gates(team, gates, by=steward)


def test_another_steward_confirms(asked, team):
    assert another_steward(factories.member(team, "steward"), asked) is None


def test_who_asked_does_not_and_is_told_who_does(asked, team, steward):
    factories.member(team, "steward", username="leila")
    asked.refresh_from_db()

    objection = another_steward(steward, asked)

    assert (objection.sentence, objection.cure, objection.who, objection.link) == (
        ASKED,
        "another steward decides.",
        "leila",
        f"/teams/fraud/gate/requests/{asked.pk}/",
    )


def test_an_account_that_who_asked_made_does_not(asked, team, steward):
    made = factories.member(team, "steward")
    made.created_by = steward
    made.save()

    assert another_steward(made, asked).sentence == MADE


def test_a_steward_whom_who_asked_named_does_not(asked, team, steward):
    friend = factories.person("friend")
    governing.set_roles(team, friend, ["steward"], by=steward)

    assert another_steward(friend, asked).sentence == MADE


def test_a_team_of_one_may_set_itself_up(asked, steward):
    assert another_steward(steward, asked) is None


def test_a_second_member_ends_that_for_good(asked, team, steward):
    friend = factories.person("friend")
    governing.set_roles(team, friend, ["reader"], by=steward)
    beside = another_steward(steward, asked)
    governing.set_roles(team, friend, [], by=steward)

    assert (beside.sentence, another_steward(steward, asked).sentence) == (ASKED, ASKED)


def test_a_release_ends_that(asked, clean, steward, author, operator):
    actions.promote(clean, "staging", by=operator)
    Membership.objects.exclude(user=steward).delete()

    assert another_steward(steward, asked).sentence == ASKED
