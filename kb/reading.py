"""What the pages of articles show: a list, one of them, and what changed since somebody verified it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Count, Exists, Func, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from governance import access
from governance.models import User
from governance.prepared import prepared
from governance.recent import events_for
from governance.sentences import timeline
from kb import markdown
from kb.cards import Card, artifacts_in, cards, drawn, missing
from kb.labels import articles_of, named_articles
from kb.models import (
    Acknowledgement,
    Article,
    ArticleVersion,
    Attachment,
    Comment,
    Rating,
    Reading,
    Reference,
    Wanted,
    Watch,
)
from kb.models.articles import ArticleQuerySet
from kb.models.attachments import MOST
from kb.presenting.attached import attached
from kb.staleness import OF_ARTIFACT, Standing, look, named_in, standing, standings
from registry.presenting.comparing import Line, lines

MOST_BACKLINKS = 50
MOST_VERSIONS = 10
MOST_COMMENTS = 100
MOST_MISSED = 5
NEWS = 8
MOST_REASONS = 10
MOST_LOOKED_AT = 2000
MOST_LABELS = 500
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


def narrowed(person: User, rows: ArticleQuerySet, asked: Mapping[str, str]) -> ArticleQuerySet:
    """Those that a list was asked for."""
    if mine := asked.get("mine"):
        keeps = Q(owner=person.pk) | Q(backup=person.pk)
        watched = Watch.objects.filter(person=person.pk).values("article")
        rows = rows.filter(keeps if mine == "yours" else Q(pk__in=watched))
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
    if asked.get("state") == "moved":
        return moved(person, rows.filter(archived_at=None))
    return in_state(rows, asked.get("state", ""))


def moved(person: User, rows: ArticleQuerySet) -> ArticleQuerySet:
    """Those from which production moved on, among the newest that name an artifact: that is worked out of
    what a person may see, and stands in no column."""
    naming = Reference.objects.filter(label__regex=OF_ARTIFACT).values("article")
    newest = list(rows.filter(pk__in=naming).order_by("-updated_at")[:MOST_LOOKED_AT])
    stand = standings(person, newest)
    return rows.filter(pk__in=[article.pk for article in newest if stand[article.pk].moved])


def labels(person: User) -> list[Any]:
    """The labels of articles that a person may see, the most used first, and how many have each."""
    seen = Article.objects.visible_to(person).filter(archived_at=None).order_by()
    each = seen.annotate(word=Func("labels", function="unnest", output_field=CharField())).values("word")
    return list(each.annotate(articles=Count("pk")).order_by("-articles", "word")[:MOST_LABELS])


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
    seen = look(person, artifacts_in(read.references))
    found = cards(person, read.references, seen)
    stand = standing(article, named_in(read.references), seen.production, timezone.now())
    files = attached_to(article=article.pk)
    can_verify = access.can(person, "article.verify", article)
    return {
        "article": article,
        "standing": stand,
        "html": read.shown(drawn(found), attached(article, read, files)),
        "attachments": files,
        "outline": read.outline if len(read.outline) > 2 else (),
        "linked": [found[named] for named in read.references if named in found],
        "broken": [named.written for named in missing(read.references, found)],
        "backlinks": backlinks(person, article.label),
        "versions": newest_versions(article=article.pk),
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
    ((watched, every, helped, is_asked),) = said_by_readers(article=article.pk, person=person.pk)
    counted = {"all": every or 0, "helped": helped or 0}
    asked = next(iter(readings_of(article=article.pk)), None) if is_asked else None
    figures, to_read = None, False
    if asked is not None:
        asked.article = article
        people = set(asked.asked().order_by().values_list("pk", flat=True))
        missing = people.difference(read_already(reading=asked.pk, number=asked.number))
        figures, to_read = Figures(len(people) - len(missing), len(people)), person.pk in missing
    return {
        "watched": watched,
        "ratings": counted,
        "reasons": reasons(article=article.pk) if answers and counted["all"] else [],
        "asked": asked,
        "to_read": to_read,
        "figures": figures,
    }


@prepared
def readings_of(*, article: Any) -> QuerySet[Reading]:
    return Reading.objects.open().filter(article=article)


@prepared
def read_already(*, reading: Any, number: Any) -> QuerySet[Acknowledgement, int]:
    rows = Acknowledgement.objects.filter(reading=reading, number__gte=number)
    return rows.values_list("person", flat=True)


@prepared
def said_by_readers(
    *, article: Any, person: Any
) -> QuerySet[Article, tuple[bool, int | None, int | None, bool]]:
    """Whether this one watches it, how many said anything, how many of them that it helped, and whether
    anybody is asked to read it: one query for what most articles have nothing of."""
    said = Rating.objects.filter(article=OuterRef("pk")).order_by().values("article")
    rows = Article.objects.filter(pk=article).order_by("pk")
    return rows.values_list(
        Exists(Watch.objects.filter(article=OuterRef("pk"), person=person)),
        Subquery(said.annotate(all=Count("pk")).values("all")),
        Subquery(said.annotate(helped=Count("pk", filter=Q(helpful=True))).values("helped")),
        Exists(Reading.objects.open().filter(article=OuterRef("pk"))),
    )


@prepared
def attached_to(*, article: Any) -> QuerySet[Attachment]:
    return Attachment.objects.filter(article=article).defer("search").order_by("name")[:MOST]


@prepared
def newest_versions(*, article: Any) -> QuerySet[ArticleVersion]:
    rows = ArticleVersion.objects.filter(article=article).select_related("by").defer("text")
    return rows.order_by("-number")[:MOST_VERSIONS]


@prepared
def said_of(*, article: Any) -> QuerySet[Comment]:
    rows = Comment.objects.filter(article=article).select_related("by").order_by("-pk")
    return rows[:MOST_COMMENTS]


@prepared
def rated(*, article: Any) -> QuerySet[Rating, tuple[bool, int]]:
    return Rating.objects.filter(article=article).order_by().values_list("helpful").annotate(Count("pk"))


@prepared
def reasons(*, article: Any) -> QuerySet[Rating]:
    return Rating.objects.filter(article=article).exclude(reason="").order_by("-at")[:MOST_REASONS]


def ratings(article: Article) -> dict[str, int]:
    """How many it helped, of all who said anything."""
    counted = dict(rated(article=article.pk))
    return {"all": sum(counted.values()), "helped": counted.get(True, 0)}


def read_by(asked: Reading) -> Figures:
    of = asked.asked().count()
    return Figures(of - asked.missing().count(), of)


def backlinks(person: User, label: str) -> list[Article]:
    """Articles that name this one, or an artifact, the newest first."""
    return naming(person, label=label)


@prepared
def naming(person: User, *, label: Any) -> QuerySet[Article]:
    keys = Reference.objects.filter(label=label).values("article")
    return (
        named_articles(person).filter(pk__in=keys, archived_at=None).order_by("-updated_at")[:MOST_BACKLINKS]
    )


def comments(article: Article) -> list[Comment]:
    """The newest, the oldest of them first."""
    return said_of(article=article.pk)[::-1]


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
