"""Those whose step is overdue are reminded, once a week."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from governance.models import Notification, User
from kb import actions
from kb.jobs.overdue_steps import overdue_steps
from kb.models import Run
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


def test_who_is_late_is_reminded_once(run, operator):
    Run.objects.update(started_at=run.started_at - timedelta(days=3))

    said = [overdue_steps(), overdue_steps()]

    told = Notification.objects.filter(kind="run-late")
    assert (said[0], said[1]) == ("Reminded of 1 run.", None)
    assert [(each.user, each.sentence) for each in told] == [
        (operator, f"“Load” of run {run.pk} should be done by now.")
    ]


def test_in_time_nobody_is_reminded(run):
    assert overdue_steps() is None


def test_who_was_reminded_and_what_is_in_time_take_no_place_of_others(run, operator, monkeypatch):
    monkeypatch.setattr("kb.jobs.overdue_steps.MOST", 1)
    about = {"playbook": run.playbook, "team": run.team, "started_by": run.started_by}
    for name in ("one", "two"):
        made = Run.objects.create(**about, subject=f"models/fraud/{name}/versions/1")
        made.people.create(role="devops-engineer", user=operator)
    Run.objects.exclude(subject__contains="/one/").update(started_at=run.started_at - timedelta(days=3))

    said = [overdue_steps() for _ in range(3)]

    assert said == ["Reminded of 1 run.", "Reminded of 1 run.", None]


def test_a_run_in_confidence_is_reminded_of_once_a_week(team, author, operator, steward):
    people = {"facilitator": [operator], "party": [author, steward]}
    actions.start_run(team, "PB-17", subject=team.label, people=people, by=operator)
    Run.objects.update(started_at=timezone.now() - timedelta(days=9))
    Notification.objects.all().delete()

    for _ in range(2):
        overdue_steps()

    told = Notification.objects.filter(kind="run-confidential")
    assert sorted(each.user.username for each in told) == ["jonas", "mara", "priya"]


def test_a_waiver_that_ended_is_seen_the_next_day(run, steward, monkeypatch):
    actions.waive_step(run, "load", reason="Later.", ends_at=timezone.now() + timedelta(days=1), by=steward)
    actions.notice(run, by=User.system())
    monkeypatch.setattr(timezone, "now", lambda: run.started_at + timedelta(days=1, hours=1))

    overdue_steps()

    assert "load" not in Run.objects.get().told
