"""From labels to articles and decisions: what events and messages are about."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import CharField, Exists, Func, OuterRef, Q, QuerySet, Value
from django.urls import reverse

from governance import access
from governance.errors import Absent
from governance.models import User
from governance.prepared import prepared
from governance.subjects import Subject, register
from kb.markdown import Named
from kb.models import Article, Decision
from kb.models import Collection as Shelf
from kb.models.articles import HEAVY, ArticleQuerySet
from kb.models.decisions import DecisionQuerySet

ARTICLE = re.compile(r"articles/(?P<team>[a-z0-9-]+)/(?P<slug>[a-z0-9-]+)")
COLLECTION = re.compile(r"collections/(?P<team>[a-z0-9-]+)/(?P<slug>[a-z0-9-]+)")
DECISION = re.compile(r"decisions/(?P<team>[a-z0-9-]+)/(?P<number>[1-9][0-9]{0,8})")
NAMED = re.compile(r"(?P<label>[a-z]+/[^/]+/[^/]+)(?:/versions/(?P<number>[1-9][0-9]{0,8}))?")


def articles_of(person: User) -> ArticleQuerySet:
    """What a list needs of those that a person may see."""
    seen = Article.objects.visible_to(person).select_related("team", "owner", "updated_by", "collection")
    return seen.defer(*HEAVY)


def named_articles(person: User) -> ArticleQuerySet:
    """What a link to one needs: PostgreSQL takes as long to plan each further table as to read it."""
    return Article.objects.visible_to(person).select_related("team").defer("headings", *HEAVY)


def find_article(person: User, *, team: str, slug: str) -> Article | None:
    return next(iter(articles_at(person, team=team, slug=slug)), None)


@prepared
def articles_at(person: User, *, team: Any, slug: Any) -> QuerySet[Article]:
    seen = Article.objects.visible_to(person).filter(team__slug=team, slug=slug).defer("search")
    return seen.select_related("team", "owner", "backup", "updated_by", "verified_by", "collection").order_by(
        "pk"
    )[:1]


def seen_articles(person: User, labels: Collection[str]) -> set[str]:
    return labelled(Article.objects.visible_to(person), labels).keys() & set(labels)


def labelled(rows: QuerySet[Article], labels: Collection[str]) -> dict[str, int]:
    """The keys of those of these articles that have one of these labels, and of some more."""
    parts = [label.split("/") for label in labels]
    rows = rows.filter(team__slug__in={part[1] for part in parts}, slug__in={part[2] for part in parts})
    found: QuerySet[Article, Any] = rows.values_list("team__slug", "slug", "pk")
    return {f"articles/{team}/{slug}": pk for team, slug, pk in found}


def article_url(groups: Mapping[str, str]) -> str:
    return reverse("kb:article", kwargs=dict(groups))


def decisions_of(person: User) -> DecisionQuerySet:
    seen = Decision.objects.visible_to(person).defer("search")
    return seen.select_related("team", "by", "supersedes", "superseded_by")


def find_decision(person: User, *, team: str, number: str) -> Decision | None:
    if not number.isdecimal() or len(number) > 9:
        return None
    return decisions_of(person).filter(team__slug=team, number=number).first()


def found_decision(person: User, team: str, number: str) -> Decision:
    """The same for an address: `Absent` when there is nothing."""
    decision = find_decision(person, team=team, number=number)
    if decision is None:
        raise Absent(f"There is no decision {number[:20]} of {team[:60]} that you may see.")
    return decision


def seen_decisions(person: User, labels: Collection[str]) -> set[str]:
    parts = [label.split("/") for label in labels]
    seen = Decision.objects.visible_to(person).filter(number__in={int(part[2]) for part in parts})
    rows: Any = seen.filter(team__slug__in={part[1] for part in parts}).values_list("team__slug", "number")
    return {f"decisions/{team}/{number}" for team, number in rows} & set(labels)


def decision_url(groups: Mapping[str, str]) -> str:
    return reverse("kb:decision", kwargs=dict(groups))


def names_of(labels: Collection[str]) -> list[Named]:
    """Labels of artifacts, versions, articles and decisions, as what references name."""
    found = filter(None, map(NAMED.fullmatch, labels))
    return [Named(each["label"], int(each["number"]) if each["number"] else None) for each in found]


def find_collection(person: User, *, team: str, slug: str) -> Shelf | None:
    seen = Shelf.objects.visible_to(person).select_related("team", "created_by")
    return seen.filter(team__slug=team, slug=slug).first()


def seen_collections(person: User, labels: Collection[str]) -> set[str]:
    parts = [label.split("/") for label in labels]
    seen = Shelf.objects.visible_to(person).filter(slug__in={part[2] for part in parts})
    rows = seen.filter(team__slug__in={part[1] for part in parts}).values_list("team__slug", "slug")
    return {f"collections/{team}/{slug}" for team, slug in rows} & set(labels)


def collection_url(groups: Mapping[str, str]) -> str:
    return reverse("kb:collection", kwargs=dict(groups))


@access.hides
def in_closed_collections(person: User, field: str) -> Q:
    """The labels of articles in collections that are closed to a person."""
    parts = (
        Func(OuterRef(field), Value("/"), Value(place), function="split_part", output_field=CharField())
        for place in (2, 3)
    )
    team, slug = parts
    kept = Article.objects.filter(reach__lt=0, team__slug=team, slug=slug)
    kept = kept.exclude(pk__in=Article.objects.visible_to(person))
    return Q(Exists(kept), **{f"{field}__startswith": "articles/"})


register(Subject("collection", COLLECTION, find_collection, collection_url, seen=seen_collections))
register(Subject("decision", DECISION, find_decision, decision_url, seen=seen_decisions))
register(Subject("article", ARTICLE, find_article, article_url, seen=seen_articles))
