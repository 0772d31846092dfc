"""Nobody waives a step of their own."""

from __future__ import annotations

import pytest

from kb import actions
from kb.policies.other_hand import other_hand
from tests import factories
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


BEGAN = "Someone who neither began or changed this run nor made what it is about must do this."


def test_a_step_of_others_may_be_waived(run, steward):
    assert other_hand(steward, run, step=steps(run)[1]) is None


def test_whose_work_it_is_about_waives_nothing_of_it(run, author):
    assert other_hand(author, run, step=steps(run)[1]).sentence == BEGAN


def test_nobody_begins_a_run_without_names_and_waives_it(team, clean, steward, run):
    actions.cancel_run(run, reason="Once more.", by=steward)
    alone = actions.start_run(team, "PB-90", subject=clean.label, by=steward)
    other = factories.member(team, "steward")

    assert other_hand(steward, alone, step=steps(alone)[2]).sentence == BEGAN
    assert other_hand(other, alone, step=steps(alone)[2]) is None


def test_nobody_hands_a_step_over_to_waive_it(run, steward):
    actions.hand_over(run, "steward", [], by=steward)

    assert other_hand(steward, run, step=steps(run)[2]).sentence == BEGAN


def test_a_step_of_ones_own_may_not(run, steward):
    objection = other_hand(steward, run, step=steps(run)[2])

    assert objection.sentence == "Someone who does not do this step must waive it."
