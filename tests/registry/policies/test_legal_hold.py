"""What is on legal hold does not vanish."""

from __future__ import annotations

import pytest

from registry import actions
from registry.policies.legal_hold import legal_hold
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(artifact, author):
    return factories.draft(artifact, author)


@pytest.fixture
def held(draft, artifact, steward):
    draft.artifact = actions.hold(artifact, reason="A case.", by=steward)
    return draft


def test_what_is_not_held_may_go(draft, author):
    assert legal_hold(author, draft, action="version.submit", loses=True) is None


def test_what_is_held_may_grow(held, author):
    assert legal_hold(author, held, action="version.submit") is None


def test_readers_do_not_learn_of_it(held, reader):
    assert legal_hold(reader, held.artifact, action="artifact.delete") is None


def test_what_is_held_stays(held, author, team):
    factories.member(team, "steward", username="leila")

    objection = legal_hold(author, held, action="version.submit", loses=True)

    assert objection.sentence == "scorer is on legal hold: nothing of it may be deleted."
    assert objection.cure == "a steward other than the one who set the hold releases it."
    assert (objection.who, objection.link) == ("leila", "/models/fraud/scorer/")
    assert legal_hold(author, held.artifact, action="artifact.delete") == objection
    assert legal_hold(author, held, action="version.delete") == objection
