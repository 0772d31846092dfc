"""Every morning, remind who has yet to read what they are asked to read: each once a week."""

from __future__ import annotations

from governance.schedule import at
from governance.templatetags.words import counted
from kb import actions
from kb.models import Reading

MOST = 2_000


@at(hour=5, minute=25)
def required_reading() -> str | None:
    kept = Reading.objects.open().filter(article__archived_at=None, article__team__archived_at=None)
    rows = kept.select_related("article__team", "article__collection").order_by("pk")[:MOST]
    told = sum(actions.remind_readers(reading) for reading in rows)
    return f"Reminded {counted(told, 'person', 'people')}." if told else None
