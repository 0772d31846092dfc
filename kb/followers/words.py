"""What somebody wrote is found by words that are misspelt, too, once they are noted; and is not wanted any
more."""

from __future__ import annotations

from governance.following import follows
from governance.models import Event
from kb import actions
from kb.labels import ARTICLE
from kb.models import Article


@follows("article.add", "article.edit", "article.restore", "article.unarchive")
def words(event: Event) -> None:
    found = ARTICLE.fullmatch(event.subject)
    if found:
        for article in Article.objects.filter(team__slug=found["team"], slug=found["slug"]):
            actions.note_words(article)
            actions.close_wanted(article)
