"""Who asks does not answer."""

from __future__ import annotations

import pytest

from governance import actions
from governance.models import Approval, Membership
from governance.policies import other_person
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return factories.team()


@pytest.fixture
def asker(team):
    return factories.member(team, "data-scientist")


@pytest.fixture
def approval(team, asker):
    return Approval.objects.create(
        team=team,
        subject="models/a/b/versions/1",
        alias="production",
        digest="0" * 64,
        evidence={},
        requested_by=asker,
    )


def test_another_steward_may_answer(team, approval):
    assert other_person.objection(factories.member(team, "steward"), approval) is None


def test_who_asked_may_not(approval, asker):
    assert other_person.objection(asker, approval) == other_person.ASKED


def test_an_account_made_by_who_asked_does_not_count(team, approval, asker):
    made = factories.member(team, "steward")
    made.created_by = asker
    made.save()

    assert other_person.objection(made, approval) == other_person.MADE


def test_a_role_given_by_who_asked_does_not_count(team, approval, asker):
    friend = factories.person()
    Membership.objects.create(team=team, user=friend, role="steward", granted_by=asker)

    assert other_person.objection(friend, approval) == other_person.MADE


def test_the_rule_holds_for_the_site_administrator_too(team):
    admin = factories.admin()
    actions.set_roles(team, admin, ["data-scientist"], by=admin)
    friend = factories.person()
    actions.set_roles(team, friend, ["steward"], by=admin)
    approval = Approval.objects.create(
        team=team,
        subject="models/a/b/versions/1",
        alias="production",
        digest="0" * 64,
        evidence={},
        requested_by=admin,
    )

    assert other_person.objection(friend, approval) == other_person.MADE


def test_another_steward_is_named(team, approval, asker):
    made = factories.member(team, "steward", username="made")
    made.created_by = asker
    made.save()
    factories.member(team, "steward", username="leila")

    objection = other_person.other_person(asker, team, approval=approval)

    assert (objection.sentence, objection.cure) == (other_person.ASKED, "another steward decides.")
    assert (objection.who, objection.link) == ("leila", f"/approvals/{approval.pk}/")
