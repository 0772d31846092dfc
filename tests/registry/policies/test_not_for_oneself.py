"""Nobody lets themself read what is restricted."""

from __future__ import annotations

import pytest

from governance import actions as governing
from registry.policies.not_for_oneself import not_for_oneself
from tests import factories
from tests.registry.granting import asked, restricted

pytestmark = pytest.mark.django_db

ASKED = "Someone other than the person who asked must do this."
MADE = "Someone whose account or role was not made by the person who asked must do this."


def test_the_owner_or_another_steward_decides_on_what_a_steward_asks(team, author, steward):
    grant = asked(restricted(team, author), steward)

    assert not_for_oneself(author, grant) is None
    assert not_for_oneself(factories.member(team, "steward"), grant) is None


def test_who_asked_does_not_and_is_told_who_does(team, author, steward):
    grant = asked(restricted(team, author), steward)

    objection = not_for_oneself(steward, grant)

    assert (objection.sentence, objection.cure, objection.who, objection.link) == (
        ASKED,
        "its owner or another steward decides.",
        "mara",
        f"/datasets/fraud/wine/grants/{grant.pk}/",
    )


def test_a_steward_whom_who_asked_named_does_not(team, author, steward):
    friend = factories.person("friend")
    governing.set_roles(team, friend, ["steward"], by=steward)

    assert not_for_oneself(friend, asked(restricted(team, author), steward)).sentence == MADE
