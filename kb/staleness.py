"""When an article can no longer be trusted: worked out when it is read, never stored.

It is stale when the time of its verification is over, or when production of an artifact that it names points
at another version than the one it is about: the one that it names (`model:fraud/scorer@3`), or the one that
was in production when somebody last verified it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from governance.models import User
from governance.prepared import prepared
from governance.templatetags.words import date
from kb.markdown import Named
from kb.models import Article, Reference
from registry.models import Alias
from registry.subjects import seen_keys

PRODUCTION = "production"
OF_ARTIFACT = r"^(models|datasets|assets)/"


@dataclass(frozen=True)
class Moved:
    """An artifact whose production is another version by now."""

    label: str
    about: tuple[int, ...]
    now: int

    @property
    def sentence(self) -> str:
        name = self.label.partition("/")[2]
        if not self.about:
            return f"Version {self.now} of {name} became production after this was verified."
        about = " and ".join(map(str, self.about))
        return f"This is about version {about} of {name}; production is {self.now} now."


@dataclass(frozen=True)
class Standing:
    """How far an article can be trusted by one person, who is told of nothing that they may not see."""

    state: str
    """verified, stale or unverified"""
    reasons: tuple[str, ...]
    moved: tuple[Moved, ...] = ()

    @property
    def colour(self) -> str:
        return {"verified": "good", "stale": "warn"}.get(self.state, "neutral")

    @property
    def word(self) -> str:
        return {"verified": "Verified", "stale": "Stale"}.get(self.state, "Not verified")


@dataclass(frozen=True)
class Seen:
    """What a person sees of artifacts that are named: their keys, and the number that production points at;
    None where it points at nothing that they see."""

    keys: dict[str, int]
    production: dict[str, int | None]


def look(person: User, labels: Collection[str]) -> Seen:
    """Once for all that a page says of them."""
    keys = seen_keys(person, labels) if labels else {}
    return Seen(keys, {**dict.fromkeys(labels), **in_production(person, labels, keys)})


def named_in(references: Iterable[Named]) -> dict[str, set[int]]:
    """The artifacts that a text names, and which versions of them: what `named_by` finds of one article."""
    found: dict[str, set[int]] = defaultdict(set)
    for named in references:
        if re.match(OF_ARTIFACT, named.label):
            found[named.label] |= {named.number} if named.number else set()
    return found


def standings(
    person: User, articles: Collection[Article], known: dict[str, int | None] | None = None
) -> dict[int, Standing]:
    """By key. The same few queries however many articles there are; what is known of production by label is
    not asked again."""
    named: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for key, label, number in named_by(articles=[article.pk for article in articles]):
        named[key][label] |= {number} if number else set()
    now = timezone.now()
    pointed = known or {}
    unknown = {label for labels in named.values() for label in labels}.difference(pointed)
    pointed = {**pointed, **in_production(person, unknown)}
    return {article.pk: standing(article, named[article.pk], pointed, now) for article in articles}


@prepared
def named_by(*, articles: Any) -> QuerySet[Reference, Any]:
    rows = Reference.objects.filter(article__in=articles, label__regex=OF_ARTIFACT).order_by()
    return rows.values_list("article", "label", "number")


def in_production(
    person: User, labels: Collection[str], keys: dict[str, int] | None = None
) -> dict[str, int | None]:
    """The number of the version that production of each points at, of those that a person sees; `keys` when
    somebody knows them already."""
    if not labels:
        return {}
    keys = seen_keys(person, labels) if keys is None else keys
    numbers = dict(pointed_at(person, artifacts=[*keys.values()]))
    return {label: numbers.get(key) for label, key in keys.items() if label in labels}


@prepared
def pointed_at(person: User, *, artifacts: Any) -> QuerySet[Alias, Any]:
    seen = Alias.objects.visible_to(person).filter(name=PRODUCTION, artifact__in=artifacts).order_by()
    return seen.values_list("artifact", "version__number")


def standing(
    article: Article, named: dict[str, set[int]], pointed: dict[str, int | None], now: datetime
) -> Standing:
    moved = tuple(moves(article, named, pointed))
    reasons = [each.sentence for each in moved]
    if article.verified_until is not None and not article.verified(now):
        reasons.insert(0, f"It was verified until {date(article.verified_until, now)}.")
    if reasons:
        return Standing("stale", tuple(reasons), moved)
    return Standing("unverified" if article.verified_until is None else "verified", ())


def moves(article: Article, named: dict[str, set[int]], pointed: dict[str, int | None]) -> Iterable[Moved]:
    for label, numbers in sorted(named.items()):
        about: set[int | None] = {*numbers}
        if label in article.seen_then:
            about.add(article.seen_then[label])
        production = pointed.get(label)
        if about and production is not None and production not in about:
            yield Moved(label, tuple(sorted(number for number in about if number)), production)
