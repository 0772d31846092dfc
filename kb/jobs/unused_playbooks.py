"""Tell stewards which playbooks of their team's own nobody has run for half a year: once a quarter."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from governance.models import Notification
from governance.schedule import at
from governance.templatetags.words import counted
from kb import actions
from kb.models import PlaybookVersion, Run
from kb.playbooks import read

UNUSED, AGAIN = timedelta(days=180), timedelta(days=90)
KIND = "playbook-unused"
MOST = 1_000


@at(hour=5, minute=50, weekday="mon")
def unused_playbooks() -> str | None:
    told = tell_by(timezone.now())
    return f"Told of {counted(told, 'playbook')}." if told else None


def tell_by(now: datetime) -> int:
    """How many were told of. Of what is in confidence nothing is: that would say whether there were runs."""
    own = PlaybookVersion.objects.filter(team__isnull=False, team__archived_at=None).select_related("team")
    newest = own.order_by("team_id", "code", "-number").distinct("team_id", "code")
    told = 0
    for row in list(newest[:MOST]):
        used = Run.objects.filter(team=row.team, playbook__code=row.code, started_at__gt=now - UNUSED)
        lately = Notification.objects.filter(kind=KIND, subject=row.label, at__gt=now - AGAIN)
        if row.at > now - UNUSED or read(row.text).confidential or used.exists() or lately.exists():
            continue
        told += actions.tell_unused(row)
    return told
