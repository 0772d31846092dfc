"""What only time changes is judged again, where somebody relies on it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from registry import actions, checking
from registry.jobs.judge_by_the_clock import judge_by_the_clock
from registry.models import Record
from registry.records import KINDS

pytestmark = pytest.mark.django_db


def test_a_training_that_is_due_again_is_found_when_its_time_is_over(clean, author, operator, monkeypatch):
    ended = (timezone.now() - timedelta(days=80)).isoformat(timespec="seconds")
    actions.add_record(clean, "training", {**KINDS["training"].example, "ended_at": ended}, by=author)
    actions.add_record(clean, "retraining", {"max_age_days": 90}, by=author)
    checking.judge_again(clean.pk)
    actions.promote(clean, "staging", by=operator)
    before = clean.findings.open().filter(check_name="retrain_due").count()
    later = timezone.now() + timedelta(days=11)
    monkeypatch.setattr("registry.operated.timezone.now", lambda: later)

    said = judge_by_the_clock()

    assert (before, said) == (0, "Judged 1 version again.")
    assert clean.findings.open().get(check_name="retrain_due").name.startswith("age:")
    assert Record.objects.standing().count() == 2


def test_what_nobody_uses_waits(clean, author):
    actions.add_record(clean, "retraining", {"max_age_days": 90}, by=author)

    assert judge_by_the_clock() is None
