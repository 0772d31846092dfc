"""What finished runs rest on ends by the clock, too."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from governance.models import Notification, User
from kb import actions
from kb.jobs.finished_runs import finished_runs
from tests.kb.running import artifact, author, clean, operator, reader, run, steward, team, waiting

__all__ = ["artifact", "author", "clean", "operator", "reader", "run", "steward", "team", "waiting"]

pytestmark = pytest.mark.django_db


def test_when_the_waiver_of_a_finished_run_is_over_people_hear_once(run, operator, steward, monkeypatch):
    actions.waive_step(run, "load", reason="Later.", ends_at=timezone.now() + timedelta(days=1), by=steward)
    actions.put(run, "word", 0, text="All of it.", by=steward)
    before = actions.notice(run, by=User.system()).outcome
    monkeypatch.setattr(timezone, "now", lambda: run.started_at + timedelta(days=1, hours=1))
    finished_runs()
    finished_runs()

    told = Notification.objects.filter(kind="run-fell").order_by("user__username")
    assert before == "done"
    assert [each.user.username for each in told] == ["mara", "priya"]
