"""Those whose step is overdue are reminded, once a week."""

from __future__ import annotations

from datetime import timedelta

import pytest

from governance.models import Notification
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
