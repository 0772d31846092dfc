"""What stands in the text of an article for its attachments: a picture as it was drawn again, or a name."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.urls import reverse
from django.utils.safestring import SafeString

from governance.markup import filled
from governance.templatetags.steward import icon
from kb.markdown import Read
from kb.models import Article, Attachment

PICTURE = (
    '<a href="{href}"><img src="{href}shown" alt="{words}" width="{width}" height="{height}" '
    'loading="lazy"></a>'
)
FILE = (
    '<a class="ref" data-state="{state}" href="{href}">{icon}<span>{words}</span> <small>{said}</small></a>'
)
GONE = '<span class="ref" data-state="none">{icon}<span>{words}</span> <small>not attached</small></span>'
SAID = {
    "": ("is being checked", "info"),
    Attachment.CLEAN: ("file", "neutral"),
    Attachment.BLOCKED: ("kept back by its checks", "blocked"),
    Attachment.FAILED: ("could not be checked", "blocked"),
}


def attached(
    article: Article | None, read: Read, known: Iterable[Attachment] | None = None
) -> Callable[[str, str], SafeString]:
    """One query for all that a text shows, unless its attachments are known."""
    names = {name for name, _ in read.attached}
    rows = known or (Attachment.objects.filter(article=article, name__in=names) if article and names else [])
    there = {each.name: each for each in rows}

    def draw(name: str, words: str) -> SafeString:
        found = there.get(name)
        if found is None:
            return filled(GONE, icon=icon("neutral"), words=words or name)
        assert article is not None
        href = address(article, found)
        if found.shown_id:
            size = {"width": found.width, "height": found.height}
            return filled(PICTURE, href=href, words=words or name, **size)
        said, state = SAID[found.outcome]
        return filled(FILE, state=state, href=href, icon=icon("file"), words=words or name, said=said)

    return draw


def address(article: Article, attachment: Attachment) -> str:
    return reverse("kb:attachment", args=[article.team.slug, article.slug, attachment.name])
