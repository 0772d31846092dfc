"""Every night, compare articles that were written or changed with those of their team that are like them."""

from __future__ import annotations

from governance.schedule import at
from governance.templatetags.words import counted
from kb import actions

MOST = 2_000  # in one night; the others the next


@at(hour=4, minute=20)
def near_duplicates() -> str | None:
    """Each is compared for itself: one that is cut off goes on with the rest."""
    pairs = sum(actions.compare(article) for article in actions.unsketched(MOST))
    return f"Found {counted(pairs, 'pair')} of articles that say nearly the same." if pairs else None
