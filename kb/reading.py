"""What the pages of articles show: a list, one of them, and what changed since somebody verified it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Now
from django.urls import reverse

from governance import access
from governance.models import User
from governance.recent import events_for
from governance.sentences import timeline
from kb import markdown
from kb.cards import Card, cards, drawn, missing
from kb.labels import articles_of
from kb.models import Article, Attachment, Comment, Rating, Reading, Reference, Wanted, Watch
from kb.models.articles import ArticleQuerySet
from kb.models.attachments import MOST
from kb.presenting.attached import attached
from kb.staleness import Standing, standings
from registry.presenting.comparing import Line, lines

MOST_BACKLINKS = 50
MOST_VERSIONS = 10
MOST_COMMENTS = 100
MOST_MISSED = 5
NEWS = 8
MOST_REASONS = 10
TEMPLATE = "template"
MOST_TEMPLATES = 20


@dataclass(frozen=True)
class Row:
    """One article of a list, and how far it can be trusted."""

    article: Article
    standing: Standing


def rows(person: User, articles: list[Article]) -> list[Row]:
    found = standings(person, articles)
    return [Row(article, found[article.pk]) for article in articles]


def narrowed(rows: ArticleQuerySet, asked: Mapping[str, str]) -> ArticleQuerySet:
    """Those that a list was asked for. What production moved on from is worked out by row, so the state that
    can be asked for is that of the time alone."""
    if team := asked.get("team"):
        rows = rows.filter(team__slug=team)
    if label := asked.get("label"):
        rows = rows.filter(labels__contains=[label])
    if owner := asked.get("owner"):
        rows = rows.filter(owner__username=owner)
    if collection := asked.get("collection"):
        team, _, slug = collection.partition("/")
        rows = rows.filter(collection__team__slug=team, collection__slug=slug)
    if about := asked.get("about"):
        rows = rows.filter(pk__in=Reference.objects.filter(label=about).values("article"))
    if search := asked.get("search"):
        rows = rows.matching(search)
    return in_state(rows, asked.get("state", ""))


def in_state(rows: ArticleQuerySet, state: str) -> ArticleQuerySet:
    if state == "archived":
        return rows.exclude(archived_at=None)
    rows = rows.filter(archived_at=None)
    if state == "verified":
        return rows.filter(verified_until__gt=Now())
    if state == "expired":
        return rows.filter(verified_until__lte=Now())
    return rows.filter(verified_until=None) if state == "unverified" else rows


# ------------------------------------------------------------------ one article


def page(person: User, article: Article) -> dict[str, Any]:
    """The same number of queries however much it names and is named."""
    read = markdown.read(article.text)
    found = cards(person, read.references)
    stand = standings(person, [article])[article.pk]
    can_verify = access.can(person, "article.verify", article)
    return {
        "article": article,
        "standing": stand,
        "html": read.shown(drawn(found), attached(article, read)),
        "attachments": Attachment.objects.filter(article=article).order_by("name")[:MOST],
        "outline": read.outline if len(read.outline) > 2 else (),
        "linked": [found[named] for named in read.references if named in found],
        "broken": [named.written for named in missing(read.references, found)],
        "backlinks": backlinks(person, article.label),
        "versions": article.versions.select_related("by").defer("text").order_by("-number")[:MOST_VERSIONS],
        "comments": comments(article),
        **readers(person, article, can_verify),
        "verifies": can_verify,
        "edits": not article.archived_at and access.can(person, "article.edit", article),
        "more": more(person, article),
        "news": timeline(events_for(person).about(article.label)[:NEWS], article.label),
    }


@dataclass(frozen=True)
class Figures:
    """How many of how many have read it."""

    read: int
    of: int


def readers(person: User, article: Article, answers: bool) -> dict[str, Any]:
    """Whether one watches it, what readers said of it (how many to all, why to who answers for it), and
    whether one is asked to read it."""
    why = Rating.objects.filter(article=article).exclude(reason="").order_by("-at")
    asked = Reading.objects.open().filter(article=article).first()
    if asked is not None:
        asked.article = article
    return {
        "watched": Watch.objects.filter(article=article, person=person.pk).exists(),
        "ratings": ratings(article),
        "reasons": list(why[:MOST_REASONS]) if answers else [],
        "asked": asked,
        "to_read": asked is not None and asked.missing().filter(pk=person.pk).exists(),
        "figures": read_by(asked) if asked else None,
    }


def ratings(article: Article) -> dict[str, int]:
    rows = Rating.objects.filter(article=article)
    return rows.aggregate(all=Count("pk"), helped=Count("pk", filter=Q(helpful=True)))


def read_by(asked: Reading) -> Figures:
    of = asked.asked().count()
    return Figures(of - asked.missing().count(), of)


def backlinks(person: User, label: str) -> list[Article]:
    """Articles that name this one, or an artifact, the newest first."""
    naming = Reference.objects.filter(label=label).values("article")
    return list(
        articles_of(person).filter(pk__in=naming, archived_at=None).order_by("-updated_at")[:MOST_BACKLINKS]
    )


def comments(article: Article) -> list[Comment]:
    """The newest, the oldest of them first."""
    rows = Comment.objects.filter(article=article).select_related("by").order_by("-pk")
    return list(rows[:MOST_COMMENTS])[::-1]


def missed(person: User) -> list[Wanted]:
    """What several people of the teams for which a person writes searched for in vain, the newest first."""
    return list(Wanted.objects.visible_to(person).open().order_by("-pk")[:MOST_MISSED])


def templates(person: User) -> list[Article]:
    """Articles that new ones begin with: those with the label “template”, where a person writes."""
    rows = articles_of(person).filter(labels__contains=[TEMPLATE], archived_at=None)
    return list(rows.filter(team__in=access.teams(person, "article.add")).order_by("title")[:MOST_TEMPLATES])


def more(person: User, article: Article) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"word": "History", "href": of(article, "article_history"), "icon": "clock"},
    ]
    if access.can(person, "article.edit", article) and not article.archived_at:
        found.append({"word": "Attachments", "href": of(article, "article_attachments"), "icon": "file"})
        found.append({"word": "Owner and labels", "href": of(article, "article_about"), "icon": "person"})
    if access.role_objection(person, "article.ask_reading", article) is None and not article.archived_at:
        found.append({"word": "Required reading", "href": of(article, "article_reading"), "icon": "eye"})
    if access.can(person, "article.archive", article):
        word = "Take out of the archive" if article.archived_at else "Archive"
        found.append({"word": word, "href": of(article, "article_archive"), "icon": "folder"})
    return found


def of(article: Article, page: str = "article", **more: Any) -> str:
    return reverse(f"kb:{page}", kwargs={"team": article.team.slug, "slug": article.slug, **more})


# ------------------------------------------------------------------ since it was verified


@dataclass(frozen=True)
class Since:
    """What is another one than when somebody last verified it: lines of the text, and what it names."""

    lines: list[Line]
    reasons: Iterable[str]
    linked: Iterable[Card]


def since_verified(person: User, article: Article) -> Since:
    stand = standings(person, [article])[article.pk]
    found = cards(person, markdown.read(article.text).references)
    before = ""
    if article.verified_number is not None:
        before = article.versions.get(number=article.verified_number).text
    changed = lines(before, article.text) if article.verified_number is not None else []
    return Since(changed, stand.reasons, list(found.values()))


def versions_of(article: Article) -> QuerySet[Any]:
    return article.versions.select_related("by").defer("text")
