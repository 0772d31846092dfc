"""Tell who took part in a run that something can be learned from, and about which nothing is written yet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from governance.models import Notification
from governance.schedule import at
from governance.templatetags.words import counted
from kb import actions
from kb.models import Article, Entry, Firing, Run
from kb.retrospects import LABEL

AFTER, FORGOTTEN = timedelta(days=3), timedelta(days=30)
BATCH = 500
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
    slug = Concat(Value("run-"), Cast(OuterRef("pk"), CharField()), Value(f"-{LABEL}"))
    there = Exists(Article.objects.filter(team=OuterRef("team"), slug=slug))
    due = closed.filter(Q(started) | Q(waived), ~Q(asked), ~Q(there), team__archived_at=None)
    keys = list(due.order_by("pk").values_list("pk", flat=True))
    told = sum(actions.ask_for_retrospective(run) for some in batched(keys) for run in some)
    return f"Asked for {counted(told, 'retrospective')}." if told else None


def batched(keys: list[int]) -> Iterator[QuerySet[Run]]:
    """All of them, however many: those of whom nobody is left to ask stand in nobody's way."""
    for first in range(0, len(keys), BATCH):
        found = Run.objects.filter(pk__in=keys[first : first + BATCH]).order_by("pk")
        yield found.select_related("team", "started_by")
