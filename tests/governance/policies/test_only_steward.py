"""A team is archived by the site administrator, or by its only steward."""

from __future__ import annotations

import pytest

from governance.models import User
from governance.policies.only_steward import only_steward
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return factories.team("fraud")


@pytest.fixture
def jonas(team):
    return factories.member(team, "steward", username="jonas")


def test_the_only_steward_may(team, jonas):
    assert only_steward(jonas, team) is None


def test_one_of_two_may_not(team, jonas):
    factories.member(team, "steward")

    assert only_steward(jonas, team).sentence == (
        "fraud has other stewards: only the site administrator archives it."
    )


def test_one_with_a_closed_account_is_no_other(team, jonas):
    gone = factories.member(team, "steward")
    User.objects.filter(pk=gone.pk).update(is_active=False)

    assert only_steward(jonas, team) is None


def test_the_administrator_may(team, jonas):
    factories.member(team, "steward")

    assert only_steward(factories.admin(), team) is None
