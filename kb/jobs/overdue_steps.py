"""Remind those whose step of a run is overdue, and see what is proved: waivers end by the clock."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from governance.models import Notification, User
from governance.schedule import at
from governance.templatetags.words import counted
from kb import actions
from kb.models import Run
from kb.proving import steps_of

MOST = 2_000
AGAIN = timedelta(days=7)


@at(hour=5, minute=10)
def overdue_steps() -> str | None:
    """A run is reminded of once a week; what is in confidence is not counted."""
    runs = Run.objects.open().filter(paused_at=None, team__archived_at=None).order_by("pk")[:MOST]
    told = sum(remind(actions.notice(run, by=User.system())) and not run.confidential for run in runs)
    return f"Reminded of {counted(told, 'run')}." if told else None


def remind(run: Run) -> bool:
    """Whether somebody was reminded."""
    now = timezone.now()
    late = [step for step in steps_of(run) if step.overdue(now)] if not run.closed_at else []
    people = {person for step in late for person in step.people}
    lately = Notification.objects.filter(kind="run-late", subject=run.label, at__gt=now - AGAIN)
    if not people or lately.exists():
        return False
    actions.remind(run, people, [step.step.title for step in late])
    return True
