"""Checks whose message was lost are found again from the rows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from registry import checking
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
