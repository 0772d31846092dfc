"""Nobody waives a step of their own."""

from __future__ import annotations

import pytest

from kb.policies.other_hand import other_hand
from tests.kb.running import (
    artifact,
    author,
    clean,
    operator,
    reader,
    run,
    steps,
    steward,
    team,
    waiting,
)

__all__ = ["artifact", "author", "clean", "operator", "reader", "run", "steward", "team", "waiting"]

pytestmark = pytest.mark.django_db


def test_a_step_of_others_may_be_waived(run, steward):
    assert other_hand(steward, run, step=steps(run)[1]) is None


def test_a_step_of_ones_own_may_not(run, steward):
    objection = other_hand(steward, run, step=steps(run)[2])

    assert objection.sentence == "Someone who does not do this step must waive it."
