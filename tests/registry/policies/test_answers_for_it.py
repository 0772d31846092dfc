"""What takes a thing away is for who answers for it, and for stewards."""

from __future__ import annotations

import pytest

from registry import actions
from registry.policies.answers_for_it import answers_for_it
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(team):
    return factories.member(team, "data-scientist", username="tom")


@pytest.fixture
def draft(artifact, colleague):
    return factories.draft(artifact, colleague)


def test_owner_and_stewards_may(artifact, author, steward):
    assert [answers_for_it(who, artifact) for who in (author, steward)] == [None, None]


def test_who_began_a_draft_may(draft, colleague, steward):
    assert [answers_for_it(who, draft) for who in (colleague, steward)] == [None, None]


def test_others_may_not(artifact, draft, colleague, author, steward):
    objection = answers_for_it(colleague, artifact)

    assert objection.sentence == "Only mara, who owns it, or a steward may do this."
    assert (objection.cure, objection.who) == ("ask mara or a steward.", "jonas")
    assert answers_for_it(author, draft).sentence == "Only tom, who began it, or a steward may do this."


def test_what_lies_in_the_bin_is_asked_about_like_itself(artifact, author, colleague):
    deletion = actions.delete_artifact(artifact, by=author)

    assert answers_for_it(author, deletion) is None
    assert answers_for_it(colleague, deletion) is not None
