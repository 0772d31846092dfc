"""A grant is ended by whose it is, the owner, a steward or the clock."""

from __future__ import annotations

import pytest

from governance.models import User
from registry.policies.own_grant import own_grant
from tests import factories
from tests.registry.granting import granted, restricted

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ["operator", "author", "steward"])
def test_whose_it_is_the_owner_and_stewards_may(team, author, steward, operator, request, who):
    grant = granted(restricted(team, author), operator)

    assert own_grant(request.getfixturevalue(who), grant) is None


def test_so_may_the_clock(team, author, operator):
    assert own_grant(User.system(), granted(restricted(team, author), operator)) is None


def test_nobody_else_may(team, author, steward, operator):
    grant = granted(restricted(team, author), operator)

    objection = own_grant(factories.member(team, "data-scientist"), grant)

    assert objection.sentence == "Only priya, whose it is, the owner of wine or a steward may end it."
    assert (objection.who, objection.link) == ("mara or jonas", f"/datasets/fraud/wine/grants/{grant.pk}/")
