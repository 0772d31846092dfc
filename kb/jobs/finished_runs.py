"""See whether finished runs still hold where no event tells: their waivers end by the clock, and runs about a
team rest on all that it has."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from governance.models import User
from governance.schedule import at
from kb import actions
from kb.models import Entry, Run

MOST = 2_000
LATELY, REMEMBERED = timedelta(days=7), timedelta(days=180)


@at(hour=5, minute=20)
def finished_runs() -> None:
    """What fell is told once."""
    for run in [*with_ended_waivers(), *about_teams()]:
        actions.notice(run, by=User.system())


def with_ended_waivers() -> QuerySet[Run]:
    now = timezone.now()
    over = Entry.objects.filter(kind=Entry.WAIVER, ends_at__gt=now - LATELY, ends_at__lte=now)
    return finished().filter(pk__in=over.values("run")).order_by("pk")[:MOST]


def about_teams() -> QuerySet[Run]:
    """The newest of each playbook."""
    lately = finished().filter(subject__startswith="teams/", closed_at__gt=timezone.now() - REMEMBERED)
    newest = lately.order_by("subject", "playbook__code", "-pk")
    return newest.distinct("subject", "playbook__code")[:MOST]


def finished() -> QuerySet[Run]:
    return Run.objects.filter(outcome="done", confidential=False, team__archived_at=None)
