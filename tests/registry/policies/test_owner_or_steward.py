"""The owner of a dataset and stewards decide who reads it."""

from __future__ import annotations

import pytest

from registry.policies.owner_or_steward import owner_or_steward
from tests import factories
from tests.registry.granting import asked, restricted

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ["author", "steward"])
def test_its_owner_and_stewards_may(team, author, steward, operator, request, who):
    artifact = restricted(team, author)
    person = request.getfixturevalue(who)

    assert owner_or_steward(person, artifact) is None
    assert owner_or_steward(person, asked(artifact, operator)) is None


def test_nobody_else_may_and_is_told_who_does(team, author, steward):
    artifact = restricted(team, author)

    objection = owner_or_steward(factories.member(team, "data-scientist"), artifact)

    assert objection.sentence == "Only mara, who owns wine, or a steward may do this."
    assert (objection.cure, objection.who, objection.link) == (
        "its owner or a steward does it.",
        "mara or jonas",
        "/datasets/fraud/wine/grants/",
    )
