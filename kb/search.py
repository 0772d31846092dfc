"""Articles and decisions, found by words: the best first, and why each matches."""

# ruff: noqa: S608  the names in the statement are ours, values go by placeholders

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString

from governance import access
from governance.markup import filled, safe
from governance.models import User
from governance.prepared import prepared
from governance.searches import Hit, searches
from kb.asking import Table
from kb.labels import articles_of
from kb.models import Article, Attachment, Decision
from kb.models.collections import reached
from kb.models.folding import query_of
from kb.ranking import Found, Ranking, rank
from kb.staleness import standings

ARTICLES = Table(
    "kb_article",
    "reach = ANY(%s) AND archived_at IS NULL",
    "COALESCE(verified_until < now(), false)",
    "updated_at DESC, id DESC",
    words=True,
)
DECISIONS = Table("kb_decision", "team_id = ANY(%s)")
STALE = 0.8  # of the score, when production of what it is about moved on
WHERE = {"title": "its title", "heading": "a heading", "label": "its labels", "text": "its text"}
BEGIN, END = "\ue000", "\ue001"
SHOWN = "MaxFragments=1, MaxWords=22, MinWords=8"
LOOKED_INTO = 20_000  # characters of a text that are looked into for what is shown of it


@searches("article", "Articles", "article", rank=40, all_of=lambda text: all_articles(text), labelled=True)
def articles(person: User, text: str, most: int, label: str = "") -> Iterator[Hit]:
    """`label`: of those that have it alone."""
    ranking = rank(labelled(label) if label else ARTICLES, reached(person), text, 2 * most)
    keys = [found.pk for found in ranking.found]
    rows = {row.pk: row for row in articles_among(person, keys=keys)} if keys else {}
    stand = standings(person, list(rows.values()))

    def trusted(found: Found) -> float:
        moved = stand[found.pk].moved
        return found.score * (STALE if moved else 1)

    shown = sorted((each for each in ranking.found if each.pk in rows), key=trusted, reverse=True)[:most]
    marked = highlights("kb_article", "text", ranking, shown)
    for found in shown:
        article = rows[found.pk]
        words = marked.get(found.pk, "")
        where = f"{stand[found.pk].word.lower()}, " if stand[found.pk].state == "stale" else ""
        yield Hit(
            article.title,
            f"/{article.label}/",
            plain(words),
            f"{where}{why(found, ranking)}",
            marked=drawn(words),
            labels=article.labels,
        )


def labelled(label: str) -> Table:
    return replace(ARTICLES, seen=f"{ARTICLES.seen} AND labels @> ARRAY[%s]::varchar[]", also=(label,))


@prepared
def articles_among(person: User, *, keys: Any) -> QuerySet[Article]:
    return articles_of(person).filter(pk__in=keys).order_by()


@searches("attachment", "Attachments", "file", rank=42)
def attachments(person: User, text: str, most: int) -> Iterator[Hit]:
    """By the words of what is a text and clean, the newest first."""
    query = query_of(text)
    for each in attached(person, most, query=query) if query else ():
        yield Hit(each.name, f"/{each.article.label}/attachments/", each.article.title, "its text")


@prepared
def attached(person: User, most: int, *, query: Any) -> QuerySet[Attachment]:
    rows = Attachment.objects.visible_to(person).clean().matching(query).filter(article__archived_at=None)
    found = rows.select_related("article__team").defer("search", "issues", "article__text", "article__search")
    return found.order_by("-pk")[:most]


@searches("decision", "Decisions", "approve", rank=45)
def decisions(person: User, text: str, most: int) -> Iterator[Hit]:
    ranking = rank(DECISIONS, access.teams(person, "article.view"), text, most)
    seen = Decision.objects.visible_to(person).select_related("team").defer("search")
    rows = seen.in_bulk([found.pk for found in ranking.found])
    for found in ranking.found:
        if found.pk in rows:
            decision = rows[found.pk]
            about = f"{decision.team.slug} {decision.number}"
            yield Hit(decision.title, f"/{decision.label}/", about, why(found, ranking))


def why(found: Found, ranking: Ranking) -> str:
    return f"{WHERE[found.where]}, as “{ranking.meant}”" if ranking.meant else WHERE[found.where]


def highlights(table: str, column: str, ranking: Ranking, shown: list[Found]) -> dict[int, str]:
    """Of each text the words around what was found, between marks; for those that are shown alone."""
    if not shown:
        return {}
    options = f"{SHOWN}, StartSel={BEGIN}, StopSel={END}"
    sql = (
        f"SELECT id, ts_headline('english', left({column}, {LOOKED_INTO}), %s::tsquery, %s) "
        f"FROM {table} WHERE id = ANY(%s)"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [ranking.query, options, [found.pk for found in shown]])
        return dict(cursor.fetchall())


def plain(words: str) -> str:
    return " ".join(re.sub(f"[{BEGIN}{END}]", "", words).split())


def drawn(words: str) -> SafeString:
    """The same with `<mark>`: what is between the marks is escaped."""
    one_line = safe(" ".join(words.split()))
    return filled("{}", SafeString(one_line.replace(BEGIN, "<mark>").replace(END, "</mark>")))


def all_articles(text: str) -> str:
    return f"{reverse('kb:articles')}?{urlencode({'search': text})}"
