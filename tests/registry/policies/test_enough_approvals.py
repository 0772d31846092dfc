"""A protected alias may need people's yes."""

from __future__ import annotations

import pytest

from governance import actions as governing
from governance.models import Membership
from registry.models import Severity
from registry.policies.enough_approvals import enough_approvals
from tests import factories
from tests.registry.conftest import found

pytestmark = pytest.mark.django_db


def test_staging_needs_none(clean, operator):
    assert enough_approvals(operator, clean, alias="staging") is None


def test_production_needs_one(clean, operator):
    assert (
        enough_approvals(operator, clean, alias="production").sentence
        == "Production needs 1 approval, 0 given."
    )


def test_who_could_approve_is_named_and_where_to_ask(clean, operator, steward, author):
    objection = enough_approvals(operator, clean, alias="production")

    assert objection.cure.startswith("ask for an approval; a steward who is neither its author nor")
    assert objection.who == "jonas"
    assert objection.link == "/models/fraud/scorer/versions/1/aliases/production/ask/"


def test_who_asked_and_whom_they_made_are_not_named(clean, operator, steward, team):
    made = factories.member(team, "steward", username="made")
    made.created_by = steward
    made.save()
    friend = factories.person("friend")
    Membership.objects.create(team=team, user=friend, role="steward", granted_by=steward)
    approval = governing.request_approval(clean.label, alias="production", by=steward)

    alone = enough_approvals(operator, clean, alias="production")
    factories.member(team, "steward", username="leila")
    team.refresh_from_db()
    clean.artifact.refresh_from_db()
    with_another = enough_approvals(operator, clean, alias="production")

    assert (alone.who, with_another.who) == ("nobody in fraud yet", "leila")
    assert alone.cure == "a steward who is neither its author nor the one who asks approves it."
    assert alone.link == f"/approvals/{approval.pk}/"


def test_one_that_was_given_is_enough(clean, operator, steward, author):
    factories.approved(clean, steward, asker=author)

    assert enough_approvals(operator, clean, alias="production") is None


def test_an_approver_who_is_no_steward_any_more_does_not_count(clean, operator, steward, author):
    factories.approved(clean, steward, asker=author)
    Membership.objects.filter(user=steward).delete()

    assert enough_approvals(operator, clean, alias="production") is not None


def test_a_finding_that_came_later_makes_it_void_and_is_told(clean, operator, steward, author):
    factories.approved(clean, steward, asker=author)
    found(clean, Severity.LOW)

    assert enough_approvals(operator, clean, alias="production").sentence == (
        "Production needs 1 approval, 0 given. "
        "The last one became void: The open findings are not the ones that were signed."
    )


def test_a_no_is_not_a_yes(clean, operator, steward, author):
    approval = governing.request_approval(clean.label, alias="production", by=author)
    governing.reject(approval, by=steward)

    assert (
        enough_approvals(operator, clean, alias="production").sentence
        == "Production needs 1 approval, 0 given."
    )
