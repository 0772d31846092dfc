"""From labels to articles and decisions: what events and messages are about."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from governance.models import User
from governance.subjects import Subject, register
from kb.models import Article
from kb.models.articles import HEAVY, ArticleQuerySet

ARTICLE = re.compile(r"articles/(?P<team>[a-z0-9-]+)/(?P<slug>[a-z0-9-]+)")


def articles_of(person: User) -> ArticleQuerySet:
    """What a list needs of those that a person may see."""
    seen = Article.objects.visible_to(person).select_related("team", "owner", "updated_by")
    return seen.defer(*HEAVY)


def find_article(person: User, *, team: str, slug: str) -> Article | None:
    seen = Article.objects.visible_to(person).defer("search")
    people = seen.select_related("team", "owner", "backup", "updated_by", "verified_by")
    return people.filter(team__slug=team, slug=slug).first()


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


register(Subject("article", ARTICLE, find_article, article_url, seen=seen_articles))
