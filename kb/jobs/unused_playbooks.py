"""Tell stewards which playbooks of their team's own nobody has run for half a year: once a quarter."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Concat
from django.utils import timezone

from governance.models import Notification
from governance.schedule import at
from governance.templatetags.words import counted
from kb import actions
from kb.models import PlaybookVersion, Run
from kb.playbooks import PLAYBOOKS

UNUSED, AGAIN = timedelta(days=180), timedelta(days=90)
KIND = "playbook-unused"


@at(hour=5, minute=50, weekday="mon")
def unused_playbooks() -> str | None:
    told = tell_by(timezone.now())
    return f"Told of {counted(told, 'playbook')}." if told else None


def tell_by(now: datetime) -> int:
    """How many were told of."""
    return sum(actions.tell_unused(row) for row in unused(now))


def unused(now: datetime) -> QuerySet[PlaybookVersion]:
    """Whose newest text is as old as that, of which nobody was told lately. Of what is in confidence nothing
    is told: that would say whether there were runs."""
    own = PlaybookVersion.objects.filter(team__isnull=False, team__archived_at=None)
    newest = own.order_by("team_id", "code", "-number").distinct("team_id", "code")
    begun = Run.objects.filter(team=OuterRef("team"), playbook__code=OuterRef("code"))
    used = Exists(begun.filter(started_at__gt=now - UNUSED))
    label = Concat(Value("teams/"), OuterRef("team__slug"), Value("/playbooks/"), OuterRef("code"))
    told = Notification.objects.filter(kind=KIND, at__gt=now - AGAIN)
    lately = Exists(told.annotate(of=label).filter(subject=F("of")))
    rows = own.filter(~used, ~lately, pk__in=newest.values("pk"), at__lte=now - UNUSED)
    kept = [code for code, playbook in PLAYBOOKS.items() if playbook.confidential]
    return rows.exclude(code__in=kept).select_related("team").order_by("pk")
