"""What was put into a run and never looked at is picked up again."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.utils import timezone

from kb import actions
from kb.jobs.unchecked_run_files import unchecked_run_files
from kb.models import RunFile
from registry import storage
from tests.kb.running import author, team

__all__ = ["author", "team"]

pytestmark = pytest.mark.django_db


def test_what_has_waited_is_checked_and_what_just_came_is_not(team, author, settings):
    run = actions.start_run(team, "PB-16", subject=team.label, by=author)
    settings.CELERY_TASK_ALWAYS_EAGER = True
    for name in ("old.txt", "new.txt"):
        actions.put_file(run, "publish", 0, name, storage.store(io.BytesIO(b"words")), by=author)
    RunFile.objects.filter(name="old.txt").update(added_at=timezone.now() - timedelta(hours=1))

    unchecked_run_files()

    assert dict(RunFile.objects.values_list("name", "outcome")) == {"old.txt": "clean", "new.txt": ""}
