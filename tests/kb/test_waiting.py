"""Home shows the step of each run that is one's own and whose turn has come."""

from __future__ import annotations

import pytest

from governance.models import User
from kb import actions
from kb.waiting import waiting as waits
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


def test_it_waits_for_who_has_the_next_step(run, author, operator, steward):
    actions.notice(run, by=User.system())

    assert [[each.what for each in waits(who)] for who in (author, operator, steward)] == [[], ["Load"], []]


def test_nothing_waits_while_a_run_pauses(run, author, operator):
    actions.notice(run, by=User.system())
    actions.pause_run(run, reason="Holidays.", by=author)

    assert waits(operator) == []


def test_any_number_of_runs_takes_one_query(run, operator, django_assert_num_queries):
    list(waits(operator))

    with django_assert_num_queries(1):
        waits(operator)
