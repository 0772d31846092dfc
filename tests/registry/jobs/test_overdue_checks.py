"""Checks whose message was lost are found again from the rows."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from config.celery import app
from registry import checking
from registry.jobs.overdue_checks import overdue_checks
from registry.models import CheckResult

pytestmark = pytest.mark.django_db


def age(**delta):
    CheckResult.objects.update(asked_at=timezone.now() - timedelta(**delta))


def test_what_was_asked_for_long_ago_and_never_ran_is_overdue(waiting):
    age(minutes=1)

    assert checking.overdue(limit=10) == [waiting.pk]


def test_what_was_just_asked_for_is_not(waiting):
    assert checking.overdue(limit=10) == []


def test_what_has_finished_is_not(clean):
    age(minutes=1)

    assert checking.overdue(limit=10) == []


def test_a_failure_is_tried_again_three_times(waiting):
    age(minutes=1)
    CheckResult.objects.update(outcome="failed", attempts=2, finished_at=timezone.now())
    assert checking.overdue(limit=10) == [waiting.pk]

    CheckResult.objects.update(attempts=3)
    assert checking.overdue(limit=10) == []


def test_what_is_overdue_is_sent_until_it_is_overdue_again(waiting):
    age(minutes=1)

    with app.connection_for_write() as link, link.SimpleQueue(app.conf.task_default_queue) as queue:
        queue.clear()
        overdue_checks()
        message = queue.get(timeout=5)
        message.ack()

    ends_in = datetime.fromisoformat(message.headers["expires"]) - timezone.now()
    assert (message.headers["task"], message.payload[0]) == ("registry.run_checks", [waiting.pk])
    assert timedelta(seconds=15) < ends_in <= timedelta(seconds=20)
