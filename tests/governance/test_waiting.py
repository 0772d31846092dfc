"""What waits for one person in governance."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from governance import actions, waiting
from governance.models import Approval, Membership
from registry.models import CheckResult
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return factories.team("fraud")


@pytest.fixture
def steward(team):
    return factories.member(team, "steward", username="jonas")


@pytest.fixture
def operator(team):
    return factories.member(team, "devops-engineer", username="priya")


@pytest.fixture
def version(team):
    author = factories.member(team, "data-scientist", username="mara")
    version = factories.submitted(factories.artifact(team, author, name="scorer"), author)
    CheckResult.objects.filter(version=version).update(outcome="done", finished_at=version.submitted_at)
    return version


@pytest.fixture
def approval(version, operator):
    return actions.request_approval(version.label, alias="production", by=operator)


def test_a_request_waits_for_the_steward_of_its_team(approval, steward):
    assert list(waiting.to_decide(steward)) == [approval]


def test_a_request_waits_for_nobody_else(approval, team, operator):
    others = [
        operator,
        factories.member(team, "auditor"),
        factories.member(factories.team(), "steward"),
        factories.admin(),
    ]

    assert [list(waiting.to_decide(person)) for person in others] == [[], [], [], []]


def test_who_asks_does_not_wait_for_oneself(version, steward):
    actions.request_approval(version.label, alias="production", by=steward)

    assert list(waiting.to_decide(steward)) == []


def test_a_steward_whose_account_the_asker_made_is_not_waited_for(approval, team, operator):
    made = factories.person(created_by=operator)
    Membership.objects.create(team=team, user=made, role="steward", granted_by=operator)

    assert list(waiting.to_decide(made)) == []


def test_what_has_a_yes_waits_for_nobody(approval, team, steward):
    actions.approve(approval, by=steward)

    assert list(waiting.to_decide(factories.member(team, "steward"))) == []


@pytest.mark.parametrize(
    ("decide", "what", "why"),
    [
        (actions.approve, "jonas approved scorer 1 for production", "Because."),
        (actions.reject, "jonas rejected scorer 1 for production", "Because."),
    ],
)
def test_who_asked_is_told_the_decision(approval, steward, operator, decide, what, why):
    decide(approval, note="Because.\nAnd more.", by=steward)

    (told,) = waiting.decided(operator)

    assert (told.what, told.why) == (what, why)


def test_who_asked_is_told_that_it_became_void(approval, operator):
    Approval.objects.filter(pk=approval.pk).update(outcome="void", closed_at=timezone.now())

    (told,) = waiting.decided(operator)

    assert told.what == "Your request for scorer 1 for production became void"


def test_an_old_decision_is_not_told_again(approval, steward, operator):
    actions.approve(approval, by=steward)
    approval.votes.update(at=timezone.now() - timedelta(days=8))

    assert waiting.decided(operator) == []


def test_only_who_asked_is_told(approval, steward):
    actions.approve(approval, by=steward)

    assert waiting.decided(steward) == []
