"""Nobody looks into a confidential run on one word."""

from __future__ import annotations

import pytest

from kb import actions
from kb.models import Glass
from kb.policies.glass_takes_two import glass_takes_two
from tests import factories
from tests.kb.running import author, operator, steward, team

__all__ = ["author", "operator", "steward", "team"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def glass(team, author, operator) -> Glass:
    tomas = factories.member(team, "steward", "data-engineer", username="tomas")
    people = {"facilitator": [operator], "party": [author, tomas]}
    run = actions.start_run(team, "PB-17", subject=team.label, people=people, by=operator)
    return actions.ask_glass("runs/confidential", run.pk, reason="A lawyer asks.", by=factories.admin())


def test_a_steward_who_is_not_named_in_it_may(glass, steward):
    assert glass_takes_two(steward, glass) is None


def test_neither_who_asked_nor_who_is_named_in_it(glass):
    party = glass.run.people.get(user__username="tomas").user

    assert glass_takes_two(glass.asked_by, glass).sentence == "Somebody else than who asked must do this."
    assert glass_takes_two(party, glass).sentence == "You are named in it: somebody who is not must do this."


def test_nobody_whom_the_one_who_asks_made_for_it(glass, team):
    puppet = factories.person("puppet", created_by=glass.asked_by)
    helper = factories.person("helper")
    helper.memberships.create(team=team, role="steward", granted_by=glass.asked_by)
    again = factories.person("again", is_superuser=True, created_by=glass.asked_by)

    said = {glass_takes_two(each, glass).sentence for each in (puppet, helper, again)}
    assert said == {
        "Who asked made your account or gave you the role since it began: your word does not count."
    }


def test_whom_they_made_long_before_may(glass, team):
    old = factories.person("old", created_by=glass.asked_by)
    held = old.memberships.create(team=team, role="steward", granted_by=glass.asked_by)
    type(old).objects.update(date_joined="2020-01-01T00:00Z")
    type(held).objects.filter(pk=held.pk).update(granted_at="2020-01-01T00:00Z")

    assert glass_takes_two(type(old).objects.get(pk=old.pk), glass) is None
