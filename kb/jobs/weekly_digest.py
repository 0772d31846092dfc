"""Every Monday, tell who asked for it what happened to articles in the week before."""

from __future__ import annotations

from django.utils import timezone

from governance.kinds import NEVER
from governance.models import Preference
from governance.schedule import at
from governance.templatetags.words import counted
from kb import actions
from kb.weekly import KIND, monday


@at(hour=6, minute=20, weekday="mon")
def weekly_digest() -> str | None:
    """Each person hears of a week once: one that is cut off goes on with the rest."""
    begins = monday(timezone.now())
    asked = Preference.objects.filter(kind=KIND, user__is_active=True).exclude(way=NEVER)
    rows = asked.select_related("user").order_by("pk").iterator(chunk_size=200)
    told = sum(actions.tell_week(each.user, begins) for each in rows)
    return f"Told {counted(told, 'person', 'people')} of their week." if told else None
