"""Whose follow-up is due is reminded, once a week, and sees it at home."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from governance.models import Notification
from kb import actions
from kb.due import waiting as waits
from kb.jobs.follow_ups import follow_ups
from kb.models import FollowUp
from tests.kb.running import artifact, author, clean, operator, reader, run, steward, team, waiting

__all__ = ["artifact", "author", "clean", "operator", "reader", "run", "steward", "team", "waiting"]

pytestmark = pytest.mark.django_db


def test_who_promised_is_reminded_once_until_it_is_done(run, author, operator):
    made = actions.add_follow_up(run, "Measure it.", owner=operator, due_on=timezone.now().date(), by=author)
    said = [follow_ups(), follow_ups()]
    at_home = [each.what for each in waits(operator)]
    FollowUp.objects.update(reminded_at=timezone.now() - timedelta(days=8))
    actions.settle_follow_up(run, made.pk, by=operator)
    said.append(follow_ups())

    assert said == ["Reminded of 1 follow-up.", None, None]
    assert "Measure it." in at_home
    told = Notification.objects.get(kind="run-late", user=operator)
    assert told.sentence == f"A follow-up of run {run.pk} is due: Measure it."


def test_what_is_in_confidence_is_reminded_of_without_a_word(team, author, operator):
    from tests import factories

    people = {"facilitator": [operator], "party": [author, factories.member(team, "data-engineer")]}
    conflict = actions.start_run(team, "PB-17", subject=team.label, people=people, by=operator)
    today = timezone.now().date()
    actions.add_follow_up(conflict, "Talk again.", owner=author, due_on=today, by=operator)
    Notification.objects.all().delete()

    assert follow_ups() is None
    assert [each.sentence for each in Notification.objects.filter(user=author)] == [
        "There is news in a run that you are named in."
    ]
    assert "Talk again." not in [each.what for each in waits(author)]


def test_a_waiver_of_a_step_that_ends_soon_stands_at_home(run, team):
    from tests import factories

    leila = factories.member(team, "steward", username="leila")
    ends_at = timezone.now() + timedelta(days=3)
    actions.waive_step(run, "load", reason="Later.", ends_at=ends_at, by=leila)

    assert [each.what for each in waits(leila)] == ["Your waiver of “Load” ends"]
