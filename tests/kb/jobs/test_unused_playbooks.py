"""Stewards hear which of their own playbooks nobody runs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from governance.models import Notification
from kb import actions
from kb.jobs.unused_playbooks import tell_by, unused_playbooks
from kb.models import Run
from kb.playbooks import PLAYBOOKS
from tests.kb.running import artifact, author, clean, operator, playbook, reader, steward, team, waiting

__all__ = ["artifact", "author", "clean", "operator", "reader", "steward", "team", "waiting"]

pytestmark = pytest.mark.django_db


def test_stewards_hear_once_of_what_nobody_runs(team, clean, author, steward):
    playbook(team)
    playbook(team, PLAYBOOKS["PB-17"].text)
    later = timezone.now() + timedelta(days=200)
    new, old = unused_playbooks(), tell_by(later)
    Notification.objects.update(at=later)
    again = tell_by(later)
    Notification.objects.all().delete()
    actions.start_run(team, "PB-90", subject=clean.label, by=author)

    assert (new, old, again) == (None, 1, 0)
    Run.objects.update(started_at=later - timedelta(days=1))
    assert tell_by(later) == 0
