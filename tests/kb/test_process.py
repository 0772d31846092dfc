"""A conflict is judged by how it was gone through: conflict_process, told in the run alone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kb import actions
from kb.process import process_of, working_days
from kb.proving import Proving
from registry.checks import Issue
from registry.quality import Needs, Process
from registry.quality.conflict_process import run as conflict_process
from tests import factories
from tests.kb.running import author, operator, steward, team

__all__ = ["author", "operator", "steward", "team"]

FINE = {"parties": 2, "confirmed": 2, "waited": 1, "taken_up": True, "decided": True}


@pytest.mark.parametrize(
    ("how", "found"),
    [
        ({}, []),
        ({"facilitator_is_party": True}, ["critical facilitator"]),
        ({"outsiders": 1}, ["critical outsiders"]),
        ({"unheard": 1}, ["high unheard"]),
        ({"out_of_order": ("Decide",)}, ["high order:Decide"]),
        ({"waited": 3}, ["medium late"]),
        ({"undated": ("Ask again",)}, ["medium day:Ask again"]),
        ({"repeats": 2}, ["medium repeats"]),
        ({"taken_up": False}, ["a first word of the facilitator"]),
        ({"confirmed": 1}, ["a confirmed statement of every party"]),
        ({"decided": False}, ["a decision"]),
    ],
    ids=["in order", "facilitator", "outsider", "unheard", "order", "late", "no day", "again", "not begun",
         "not confirmed", "not decided"],
)  # fmt: skip
def test_what_it_finds(how, found):
    said = list(conflict_process(Process(**{**FINE, **how})))

    assert [f"{e.severity} {e.name}" if isinstance(e, Issue) else e.what for e in said] == found
    assert all(isinstance(each, Issue | Needs) for each in said)


@pytest.mark.parametrize(
    ("begin", "end", "days"),
    [(5, 5, 0), (5, 6, 1), (7, 10, 1), (7, 14, 5)],
    ids=["none", "one", "weekend", "week"],
)
def test_working_days_leave_out_the_weekend(begin, end, days):
    assert working_days(datetime(2026, 8, begin, tzinfo=UTC), datetime(2026, 8, end, tzinfo=UTC)) == days


def judged(run) -> Process:
    found = Proving(run, run.started_at)
    return process_of(run, found.playbook, found.entries, found.people, set())


@pytest.mark.django_db
def test_of_a_run_only_who_put_in_what_and_when_counts(team, author, operator, steward):
    people = {"facilitator": [operator], "party": [author, steward]}
    run = actions.start_run(team, "PB-17", subject=team.label, people=people, by=operator)
    before = judged(run)
    actions.put(run, "identify", 0, text="personal", by=operator)
    actions.put(run, "identify", 1, text="It began so.", by=operator)
    for who in (author, steward):
        actions.put(run, "communicate", 0, text="My view.", by=who)
    actions.put(run, "confirm", 0, text="That is what I mean.", by=author)

    assert before == Process(parties=2, confirmed=0, waited=0, taken_up=False)
    assert judged(run) == Process(parties=2, confirmed=1, waited=0, taken_up=True)


@pytest.mark.django_db
def test_only_those_count_again_in_which_everybody_was(team, author, operator, steward):
    people = {"facilitator": [operator], "party": [author, steward]}
    for _ in range(2):
        run = actions.start_run(team, "PB-17", subject=team.label, people=people, by=operator)
    leila = factories.member(team, "steward", username="leila")
    other = {"facilitator": [leila], "party": [author, steward]}
    others = actions.start_run(team, "PB-17", subject=team.label, people=other, by=leila)

    assert (judged(run).repeats, judged(others).repeats) == (1, 0)
