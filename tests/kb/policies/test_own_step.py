"""A step is done by who was named for it."""

from __future__ import annotations

import pytest

from kb.policies.own_step import own_step
from kb.proving import StepNow
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


def test_who_was_named_may(run, operator):
    assert own_step(operator, run, step=steps(run)[1]) is None


def test_where_nobody_was_named_anybody_may(run, author):
    assert own_step(author, run, step=StepNow(steps(run)[1].step, "open", [])) is None


def test_others_are_told_whose_it_is(run, author):
    objection = own_step(author, run, step=steps(run)[1])

    assert (objection.sentence, objection.who) == ("This step is priya's.", "priya")
