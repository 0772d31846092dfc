"""What is said about articles."""

from __future__ import annotations

import re

from governance import access, audit
from governance.actions import cleaned, saved
from governance.audit import action
from governance.errors import Invalid
from governance.models import User
from governance.telling import tell
from kb.models import Article, Comment
from kb.models.readers import readers_of
from kb.models.talk import MOST_CHARACTERS

MENTION = re.compile(r"(?<![\w@])@([A-Za-z0-9][A-Za-z0-9._-]{0,98})")
MOST_MENTIONS = 10


@action("article.comment")
def comment_article(article: Article, /, *, text: str, by: User) -> Comment:
    """Say something about it: its owner hears of it, and who is named as @somebody and reads the article."""
    access.check(by, "article.comment", article)
    if not text.strip() or len(text) > MOST_CHARACTERS:
        sentence = f"A comment has 1 to {MOST_CHARACTERS:,} characters."
        raise Invalid(sentence, errors={"text": [sentence]})
    comment = saved(cleaned(Comment(article=article, number=article.number, text=text, by=by)))
    audit.record("article.comment", article, by=by, after={"comment": comment.pk})
    named = mentioned(article, text)
    tell(
        "article-said",
        without(named, by),
        article,
        f"{by} names you in a comment on {article.label}.",
    )
    owner = [] if article.owner in named else [article.owner]
    tell(
        "article-said",
        without(owner, by),
        article,
        f"{by} commented on {article.label}.",
    )
    return comment


def mentioned(article: Article, text: str) -> list[User]:
    """The people whom a text names, as far as they may read the article."""
    names = list(dict.fromkeys(name.rstrip(".-_").lower() for name in MENTION.findall(text)))[:MOST_MENTIONS]
    return list(readers_of(article).filter(username__in=names).select_related("answered_by")) if names else []


def without(people: list[User], by: User) -> list[User]:
    return [person for person in people if person.pk != by.pk]
