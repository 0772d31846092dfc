"""Remind those whose follow-up of a run has come to its day: once a week until it is done."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from governance.schedule import at
from governance.templatetags.words import counted
from kb import actions
from kb.models import FollowUp

MOST = 2_000
AGAIN = timedelta(days=7)


@at(hour=5, minute=30)
def follow_ups() -> str | None:
    """What is in confidence is reminded of, too, and not counted."""
    now = timezone.now()
    due = FollowUp.objects.open().filter(due_on__lte=now.date(), run__team__archived_at=None)
    due = due.filter(Q(reminded_at=None) | Q(reminded_at__lt=now - AGAIN)).order_by("pk")
    found = list(due.select_related("run__team", "owner")[:MOST])
    told = sum(actions.remind_follow_up(each) and not each.run.confidential for each in found)
    return f"Reminded of {counted(told, 'follow-up')}." if told else None
