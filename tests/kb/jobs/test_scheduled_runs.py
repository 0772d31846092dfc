"""A schedule starts one run each time that it comes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kb import actions
from kb.jobs.scheduled_runs import scheduled_runs
from kb.models import Firing, Run, Trigger
from tests.kb.running import playbook
from tests.kb.triggers import artifact, author, clean, made, operator, reader, steward, team, waiting

__all__ = ["artifact", "author", "clean", "operator", "reader", "steward", "team", "waiting"]

pytestmark = pytest.mark.django_db


def test_each_turn_starts_one_run_about_the_newest_version(team, artifact, clean, steward):
    playbook(team)
    every = made(team, steward, kind="schedule", check_name="", every_days=7, about=artifact.label)
    actions.switch_on(every, by=steward)
    said = [scheduled_runs(), scheduled_runs()]
    Run.objects.update(closed_at=every.made_at, outcome="done")
    Trigger.objects.update(on_at=every.made_at - timedelta(days=8))
    said.append(scheduled_runs())

    assert said == ["Started 1 run.", None, "Started 1 run."]
    assert [each.run.subject for each in Firing.objects.all()] == [clean.label, clean.label]
