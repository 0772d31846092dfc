"""Every morning, remind who has yet to read what they are asked to read: each once a week."""

from __future__ import annotations

from governance.schedule import at
from governance.templatetags.words import counted
from kb import actions
from kb.models import Reading

AT_A_TIME = 500


@at(hour=5, minute=25)
def required_reading() -> str | None:
    kept = Reading.objects.open().filter(article__archived_at=None, article__team__archived_at=None)
    rows = kept.select_related("article__team", "article__collection").order_by("pk")
    told, last = 0, 0
    while some := list(rows.filter(pk__gt=last)[:AT_A_TIME]):
        told += sum(actions.remind_readers(reading) for reading in some)
        last = some[-1].pk
    return f"Reminded {counted(told, 'person', 'people')}." if told else None
