"""Every morning, tell owners which of their articles name what is not there, or not for them."""

from __future__ import annotations

from collections import defaultdict

from governance.models import User
from governance.schedule import at
from governance.templatetags.words import counted
from kb import actions
from kb.cards import cards, missing
from kb.markdown import Named
from kb.models import Article, Reference

MOST = 500  # articles of one owner, the newest first


@at(hour=5, minute=40)
def broken_links() -> str | None:
    """Each is told of once: again only when it was changed meanwhile."""
    kept = Article.objects.filter(archived_at=None, team__archived_at=None, references__isnull=False)
    owners = User.objects.filter(pk__in=kept.order_by().values("owner"), is_active=True)
    told = sum(remind(owner) for owner in owners.iterator(chunk_size=200))
    return f"Told of {counted(told, 'article')}." if told else None


def remind(owner: User) -> int:
    """How many of theirs they were told of. The same few queries however many there are."""
    mine = Article.objects.visible_to(owner).filter(owner=owner, archived_at=None, team__archived_at=None)
    newest = mine.select_related("team", "collection").defer("text", "search").order_by("-updated_at", "-pk")
    articles = {article.pk: article for article in newest[:MOST]}
    named: dict[int, set[Named]] = defaultdict(set)
    rows = Reference.objects.filter(article__in=articles)
    for key, label, number in rows.values_list("article", "label", "number"):
        named[key].add(Named(label, number))
    found = cards(owner, {each for names in named.values() for each in names})
    gone = {key: missing(names, found) for key, names in named.items()}
    broken = [(articles[key], len(names)) for key, names in gone.items() if names]
    return actions.tell_broken(owner, broken)
