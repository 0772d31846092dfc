"""What a trigger would have started is worked out from the trail, within bounds, for who may read it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from governance.models import Team
from kb import triggering
from kb.models import Trigger
from kb.triggering import Would, simulate, subject_of, too_many
from tests import factories
from tests.kb.triggers import (
    artifact,
    author,
    clean,
    fails,
    made,
    operator,
    passes,
    reader,
    steward,
    team,
    trigger,
    waiting,
)

__all__ = ["artifact", "author", "clean", "operator", "reader", "steward", "team", "trigger", "waiting"]


@pytest.mark.django_db
def test_what_it_would_have_started_is_told_once_for_a_window(trigger, clean, steward):
    first = fails(clean)
    passes(clean)
    fails(clean)

    found = simulate(trigger, steward)

    assert (found.events, found.runs, found.cut, found.held) == (2, 1, False, None)
    assert found.would == [Would(first.at, clean.label, 1)]


@pytest.mark.django_db
def test_who_may_not_read_the_trail_learns_nothing(trigger, clean, reader):
    fails(clean)

    assert simulate(trigger, reader).events == 0


@pytest.mark.django_db
def test_only_the_newest_are_looked_at(trigger, artifact, author, steward, monkeypatch):
    monkeypatch.setattr(triggering, "MOST_EVENTS", 1)
    for _ in range(2):
        fails(factories.submitted(artifact, author))

    found = simulate(trigger, steward)

    assert (found.events, found.cut, [each.subject for each in found.would]) == (
        1,
        True,
        ["models/fraud/scorer/versions/2"],
    )


@pytest.mark.django_db
def test_a_schedule_is_counted(team, artifact, steward, trigger):
    every = made(team, steward, kind="schedule", check_name="", every_days=30, about=artifact.label)

    assert simulate(every, steward).runs == 3


def test_a_run_per_minute_is_foreseen():
    at = datetime(2026, 5, 1, tzinfo=UTC)
    minutes = [at + timedelta(minutes=n) for n in range(30)]

    assert (too_many(minutes), too_many(minutes[:19])) == (minutes[19], None)


LABELS = [
    ("model", "", "models/fraud/a/versions/2/findings/4", "models/fraud/a/versions/2"),
    ("model", "models/*/a/*", "models/fraud/a/versions/2", "models/fraud/a/versions/2"),
    ("model", "", "models/fraud/a", "models/fraud/a"),
    ("model", "", "datasets/fraud/a/versions/1", ""),
    ("dataset", "datasets/fraud/a", "datasets/fraud/a/versions/1", "datasets/fraud/a/versions/1"),
    ("version", "", "articles/fraud/drift", ""),
    ("team", "", "teams/fraud/members/x", "teams/fraud"),
    ("", "", "models/fraud/a/versions/2", ""),
]


@pytest.mark.parametrize(("about", "pattern", "label", "expected"), LABELS)
def test_what_the_run_would_be_about(about, pattern, label, expected):
    assert subject_of(Trigger(about=pattern, team=Team(slug="fraud")), label, about) == expected
