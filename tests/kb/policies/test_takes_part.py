"""A run is cancelled by who has to do with it."""

from __future__ import annotations

import pytest

from kb.policies.takes_part import takes_part
from tests import factories
from tests.kb.running import (
    artifact,
    author,
    clean,
    operator,
    reader,
    run,
    steward,
    team,
    waiting,
)

__all__ = ["artifact", "author", "clean", "operator", "reader", "run", "steward", "team", "waiting"]

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ["author", "operator", "steward"])
def test_who_has_to_do_with_it_may(run, request, who):
    assert takes_part(request.getfixturevalue(who), run) is None


def test_others_may_not(run, team):
    objection = takes_part(factories.member(team, "data-engineer"), run)

    assert objection.sentence.startswith("Only who began this run, who takes part in it, or a steward")
