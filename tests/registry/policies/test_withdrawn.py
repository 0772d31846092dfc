"""What was withdrawn is out of use."""

from __future__ import annotations

import pytest

from registry import actions
from registry.policies.withdrawn import withdrawn
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def out(clean, steward):
    return actions.withdraw(clean, reason="It leaks.", by=steward)


def said(version) -> str:
    return f"Version 1 was withdrawn on {version.withdrawn_at:%-d %B %Y}: It leaks."


def test_what_was_not_withdrawn_is_not_its_to_say(clean, author):
    assert withdrawn(author, clean, action="version.download") is None


def test_nobody_promotes_it(out, steward, team):
    factories.member(team, "steward", username="leila")

    objection = withdrawn(steward, out, action="version.promote", acknowledged=True)

    assert objection.sentence == said(out)
    assert objection.cure == (
        "use another version; or a steward who neither withdrew it nor put something into it reinstates it."
    )
    assert (objection.who, objection.link) == ("leila", "/models/fraud/scorer/versions/1/")


@pytest.mark.parametrize("who", ["author", "steward"])
def test_author_and_stewards_fetch_it_knowingly(out, request, who):
    person = request.getfixturevalue(who)

    objection = withdrawn(person, out, action="version.download")

    assert objection.sentence == f"{said(out)} Fetch it only if you know what you do."
    assert withdrawn(person, out, action="version.download", acknowledged=True) is None


def test_others_do_not_fetch_it(out, operator):
    assert withdrawn(operator, out, action="version.download", acknowledged=True).sentence == said(out)
