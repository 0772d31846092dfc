"""An archived team is read-only."""

from __future__ import annotations

import pytest
from django.utils import timezone

from governance import access, actions, roles
from governance.errors import Denied
from governance.models import Team, User
from governance.policies.team_at_work import LEFT, team_at_work
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def archived():
    team = factories.team("fraud")
    Team.objects.filter(pk=team.pk).update(archived_at=timezone.now())
    team.refresh_from_db()
    return team


def test_a_team_at_work_is_written_to():
    team = factories.team()

    assert team_at_work(factories.member(team, "steward"), team, action="artifact.add") is None


def test_an_archived_one_is_not_and_says_since_when(archived):
    objection = team_at_work(factories.member(archived, "steward"), archived, action="artifact.add")

    today = timezone.now()
    assert (objection.sentence, objection.who, objection.link) == (
        f"fraud is archived since {today:%d %B %Y}: it is read-only.",
        "the site administrator",
        "/teams/fraud/",
    )


def test_every_action_that_is_left_is_known():
    known = {action for held in roles.ROLES.values() for action in held} | roles.SITE | roles.OWN

    assert known >= LEFT


def test_what_every_role_may_in_an_archived_team_is_reading_and_people(archived):
    person = factories.member(archived, *roles.ROLES)
    held = {action for actions in roles.ROLES.values() for action in actions}

    left = {action for action in held if team_at_work(person, archived, action=action) is None}

    assert left <= LEFT
    assert held - left >= {"artifact.add", "version.add", "webhook.set", "gate.request", "service.add"}


def test_steward_itself_goes_on(archived):
    assert team_at_work(User.system(), archived, action="version.recheck") is None


def test_it_is_no_policy_of_the_gate(archived):
    assert "team_at_work" not in access.policies("version.promote")


def test_a_push_is_refused(archived):
    person = factories.member(archived, "data-scientist")

    with pytest.raises(Denied, match="is archived since"):
        factories.artifact(archived, person)


def test_a_member_can_still_be_removed(archived):
    steward, reader = factories.member(archived, "steward"), factories.member(archived, "reader")

    actions.set_roles(archived, reader, [], by=steward)

    assert not archived.memberships.filter(user=reader).exists()
