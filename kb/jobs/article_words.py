"""Every night, count how many articles of each team have which word, and forget words that are gone."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from governance.models import Team
from governance.schedule import at
from governance.templatetags.words import counted
from kb import actions
from kb.models import Article


@at(hour=3, minute=40)
def article_words() -> str | None:
    """Each team for itself: one that is cut off has done as many as it says."""
    writing = Team.objects.filter(Exists(Article.objects.filter(team=OuterRef("pk")))).order_by("pk")
    words = sum(actions.count_words(team) for team in writing.iterator(chunk_size=200))
    return f"Counted {counted(words, 'word')}." if words else None
