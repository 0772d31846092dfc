"""Into what is restricted its owner and who holds a grant look, fetch and push."""

from __future__ import annotations

import pytest

from governance.models import User
from registry.policies.granted import granted as policy
from tests import factories
from tests.registry.granting import dataset, filled, granted, restricted

pytestmark = pytest.mark.django_db


def test_what_is_open_is_nothing_to_object_to(team, author, operator):
    assert policy(operator, filled(dataset(team, author), author)) is None
    assert policy(operator, team) is None


def test_its_owner_who_holds_a_grant_and_the_clock_may(team, author, operator):
    artifact = restricted(team, author)
    granted(artifact, operator)

    assert [policy(person, artifact) for person in (author, operator, User.system())] == [None] * 3


def test_nobody_else_may_and_is_told_who_grants_it(team, author, steward):
    artifact = restricted(team, author)

    objection = policy(factories.member(team, "data-scientist"), artifact)

    assert objection.sentence == "wine is restricted, and you hold no grant to read it."
    assert (objection.cure, objection.who, objection.link) == (
        "ask to read it; its owner or a steward decides.",
        "mara or jonas",
        "/datasets/fraud/wine/grants/",
    )


def test_a_steward_is_not_told_to_ask_themself(team, author, steward):
    assert policy(steward, restricted(team, author)).who == "mara"
