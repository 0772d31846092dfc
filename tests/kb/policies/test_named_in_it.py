"""In a confidential run those act who are named in it."""

from __future__ import annotations

import pytest

from kb import actions
from kb.policies.named_in_it import named_in_it
from tests import factories
from tests.kb.running import artifact, author, clean, operator, reader, run, steward, team, waiting

__all__ = ["artifact", "author", "clean", "operator", "reader", "run", "steward", "team", "waiting"]

pytestmark = pytest.mark.django_db


def test_who_is_named_may_and_others_not(team, author, operator, steward):
    people = {"facilitator": [operator], "party": [author, factories.member(team, "data-engineer")]}
    conflict = actions.start_run(team, "PB-17", subject=team.label, people=people, by=operator)

    assert named_in_it(author, conflict) is None
    assert named_in_it(steward, conflict).sentence == "Only who is named in this run may do this."


def test_in_the_open_it_is_silent(run, steward):
    assert named_in_it(steward, run) is None
