"""Tell who took part in a run that something can be learned from, and about which nothing is written yet."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from governance.models import Notification
from governance.schedule import at
from governance.templatetags.words import counted
from kb import actions
from kb.models import Entry, Firing, Run
from kb.retrospects import retrospective

AFTER, FORGOTTEN = timedelta(days=3), timedelta(days=30)
MOST = 500
KIND = "run-retrospective"


@at(hour=5, minute=40)
def due_retrospectives() -> str | None:
    """Once for each run: of those that a trigger started, and those in which a step was let pass."""
    now = timezone.now()
    closed = Run.objects.filter(closed_at__gt=now - FORGOTTEN, closed_at__lte=now - AFTER, confidential=False)
    started = Exists(Firing.objects.filter(run=OuterRef("pk")))
    waived = Exists(Entry.objects.filter(run=OuterRef("pk"), kind=Entry.WAIVER))
    label = Concat(Value("runs/"), Cast(OuterRef("pk"), CharField()))
    asked = Exists(Notification.objects.filter(kind=KIND, subject=label))
    due = closed.filter(Q(started) | Q(waived), ~Q(asked), team__archived_at=None)
    told = 0
    for run in due.select_related("team", "started_by").order_by("pk")[:MOST]:
        if retrospective(run) is None:
            told += actions.ask_for_retrospective(run)
    return f"Asked for {counted(told, 'retrospective')}." if told else None
