"""Every morning, tell owners and their backups which articles went stale since somebody verified them."""

from __future__ import annotations

from governance.models import User
from governance.schedule import at
from governance.templatetags.words import counted
from kb import actions
from kb.models import Article
from kb.staleness import standings

MOST = 500  # articles of one owner, those first that were verified longest ago


@at(hour=5, minute=20)
def stale_articles() -> str | None:
    """Each is told of once: again only when it was verified or changed meanwhile."""
    kept = Article.objects.filter(archived_at=None, team__archived_at=None)
    owners = User.objects.filter(pk__in=kept.order_by().values("owner"), is_active=True)
    told = sum(remind(owner) for owner in owners.iterator(chunk_size=200))
    return f"Told of {counted(told, 'article')}." if told else None


def remind(owner: User) -> int:
    """How many of theirs they were told of. What they may not see makes nothing stale."""
    rows = Article.objects.visible_to(owner).filter(owner=owner, archived_at=None, team__archived_at=None)
    articles = list(
        rows.select_related("team", "owner", "backup", "collection").defer("text", "search")[:MOST]
    )
    stand = standings(owner, articles)
    stale = [article for article in articles if stand[article.pk].state == "stale"]
    return actions.tell_stale(owner, stale)
