"""Who took part hears once that nothing is written about a run that something can be learned from."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from governance.models import Notification
from kb import actions
from kb.jobs.due_retrospectives import due_retrospectives
from kb.models import Run
from tests import factories
from tests.kb.running import artifact, author, clean, operator, reader, run, steward, team, waiting

__all__ = ["artifact", "author", "clean", "operator", "reader", "run", "steward", "team", "waiting"]

pytestmark = pytest.mark.django_db


def over(run, team, author) -> Run:
    leila = factories.member(team, "steward", username="leila")
    actions.waive_step(run, "load", reason="Later.", ends_at=timezone.now() + timedelta(days=3), by=leila)
    actions.cancel_run(run, reason="Over.", by=author)
    Run.objects.update(closed_at=timezone.now() - timedelta(days=4))
    return Run.objects.get()


def test_it_is_asked_for_once(run, team, author, operator, steward):
    over(run, team, author)
    said = [due_retrospectives(), due_retrospectives()]

    told = Notification.objects.filter(kind="run-retrospective")
    assert said == ["Asked for 1 retrospective.", None]
    assert {each.user for each in told} == {author, operator, steward}


def test_one_that_is_written_is_not_asked_for(run, team, author):
    actions.write_retrospective(over(run, team, author), by=author)

    assert due_retrospectives() is None


def test_all_are_asked_for_at_once_however_many(run, clean, team, author, monkeypatch):
    monkeypatch.setattr("kb.jobs.due_retrospectives.BATCH", 1)
    leila = factories.member(team, "steward", username="leila")
    until = timezone.now() + timedelta(days=3)
    for _ in range(2):
        actions.waive_step(run, "load", reason="Later.", ends_at=until, by=leila)
        actions.cancel_run(run, reason="Over.", by=author)
        run = actions.start_run(team, "PB-90", subject=clean.label, by=author)
    Run.objects.exclude(pk=run.pk).update(closed_at=timezone.now() - timedelta(days=4))

    said = [due_retrospectives() for _ in range(2)]

    assert said == ["Asked for 2 retrospectives.", None]
