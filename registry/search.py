"""Artifacts, versions and findings, found by words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQuery, SearchVectorExact
from django.db.models import CharField, F, Func, QuerySet
from django.db.models.functions import Coalesce, Left, Length, Lower
from django.urls import reverse

from governance import common
from governance.late import late
from governance.models import User
from governance.prepared import prepared
from governance.searches import Hit, searches
from governance.searching import by_name, having, one_by_one
from registry.models import Artifact, Finding, Kind, Severity, Version
from registry.models.artifacts import ArtifactQuerySet, Called, beginnings, begun, label_of, words_of
from registry.presenting import addresses
from registry.presenting.words import first_line

CANDIDATES = 300  # that have the words, of which the shortest names come first
NEWEST = 2000  # that are looked through for words that very many have
NEWEST_FINDINGS = 1000  # which are looked through word by word
NUMBERED = re.compile(r"(?P<name>.*?)[\s:@/]+v?(?P<number>[1-9]\d{0,8})")
DIGEST = re.compile(r"[0-9a-f]{8,64}")
SHORTEST = 4  # letters of a word that may be meant otherwise
LIKENESS = 80  # of 100: two letters that changed places in a name of six have 91
MEANT = 1000  # names that are compared
LAST = "\U0010ffff"  # what stands behind every name that begins so


class Shown(NamedTuple):
    """An artifact, by the fields that a hit shows."""

    pk: int
    kind: str
    team__slug: str
    name: str
    summary: str

    def hit(self, why: str) -> Hit:
        href = addresses.of_label(label_of(self.kind, self.team__slug, self.name))
        return Hit(f"{self.team__slug}/{self.name}", href, first_line(self.summary), why)


def by_kind(kind: Kind) -> None:
    """One search each for models, datasets and assets; the rest is in their lists."""

    def all_of(text: str) -> str:
        return f"/{kind.plural}/?{urlencode({'search': text})}"

    @searches(kind.value, f"{kind.label}s", kind.value, rank=10 + 10 * list(Kind).index(kind), all_of=all_of)
    def find(person: User, text: str, most: int) -> Iterator[Hit]:
        yield from artifacts(person, kind, text, most)


for each in Kind:
    by_kind(each)


def artifacts(person: User, kind: Kind, text: str, most: int) -> Iterator[Hit]:
    """First what is called so, then what is tagged so, then what is described so."""
    team, name = owned(text)
    known: set[int] = set()
    for rows, why in ways(person, kind, team, name, 2 * most):
        for row in rows:
            if row.pk not in known and len(known) < most:
                known.add(row.pk)
                yield row.hit(why)
        if len(known) >= most:
            return
    if not known:
        for found in alike(visible(person, kind, team), name, most):
            yield found.hit("a name like it")


def visible(person: User, kind: Kind, team: Any) -> ArtifactQuerySet:
    """Of teams whose names begin so."""
    seen = Artifact.objects.visible_to(person).filter(kind=kind, archived_at=None, team__archived_at=None)
    return seen.filter(team__slug__startswith=team) if team else seen


def alike(seen: ArtifactQuerySet, text: str, most: int) -> list[Shown]:
    """Those whose names, or parts of them, are what one may have meant, among the newest that one sees."""
    if len(text) < SHORTEST or " " in text:
        return []
    rows = [Shown._make(row) for row in described(seen.order_by("-pk"))[:MEANT]]
    like = late("rapidfuzz.fuzz").partial_ratio
    meant = [(likeness(like, text.lower(), row.name.lower()), row) for row in rows]
    near = [(alike, row) for alike, row in meant if alike >= LIKENESS]
    return [row for _, row in sorted(near, key=lambda each: (-each[0], each[1].name))[:most]]


def likeness(like: Callable[[str, str], float], text: str, name: str) -> float:
    """Of a text and the part of a name that is most like it; a name that is much shorter is another one."""
    return like(text, name) if len(name) > len(text) - 2 else 0


def owned(text: str) -> tuple[str, str]:
    """“fraud/scorer” is what is called scorer of teams whose names begin with fraud."""
    team, slash, name = text.partition("/")
    return (team.strip().lower(), name) if slash else ("", text)


def ways(person: User, kind: Kind, team: str, text: str, most: int) -> Iterator[tuple[list[Shown], str]]:
    """Each way in which they are found, the shortest names first, and what it is called."""
    words = words_of(text)
    if not words:
        if not text.strip():
            yield shown(described(visible(person, kind, team).order_by("-updated_at", "-pk"))[:most]), ""
        return
    yield found(person, kind, team, Where.NAME, words, most), "its name"
    if " " not in text:
        yield shown(tagged(person, kind, bool(team), most, team=team, tag=text.lower())), "its tag"
    yield found(person, kind, team, Where.ANYWHERE, words, most), "its description"


class Where(StrEnum):
    """Where words stand: the index that knows it."""

    NAME = "artifact_by_name_word"
    ANYWHERE = "search"


def found(person: User, kind: Kind, team: str, where: Where, words: list[str], most: int) -> list[Shown]:
    """Words that many have are asked of no index, which would have to tell all of them: they only narrow down
    what the others find. Where all are such, the newest are looked through; all there are only when those are
    too few."""
    known = common.words_of("registry_artifact", where)
    rare = [word for word in words if not known.are_common(word)]
    first = "-".join(words).lower()
    asked = {"team": team, "query": begun(words), "first": first, "end": first + LAST}
    if not rare:
        rows = shown(looked_through(person, kind, where, bool(team), most, **asked))
        if len(rows) >= most:
            return rows
    return shown(by_index(person, kind, where, bool(team), most, rare=begun(rare or words), **asked))


@prepared
def by_index(
    person: User, kind: Kind, where: Where, of_team: bool, most: int,
    *, team: Any, rare: Any, query: Any, first: Any, end: Any,
) -> QuerySet[Artifact, Any]:  # fmt: skip
    seen = visible(person, kind, team if of_team else "")
    near = (seen.called(rare) if where is Where.NAME else seen.matching(rare)).filter(has(where, query))
    return shortest(also_begun(few(near), seen, where, first, end), where, query, most)


@prepared
def looked_through(
    person: User, kind: Kind, where: Where, of_team: bool, most: int,
    *, team: Any, query: Any, first: Any, end: Any,
) -> QuerySet[Artifact, Any]:  # fmt: skip
    seen = visible(person, kind, team if of_team else "")
    newest = seen.order_by("-updated_at", "-pk").values("pk")[:NEWEST]
    return shortest(also_begun(newest, seen, where, first, end), where, query, most)


def few(rows: ArtifactQuerySet) -> QuerySet[Artifact, Any]:
    """Rights are within, so that none of those that one sees is lost to others."""
    return rows.order_by().values("pk")[:CANDIDATES]


def also_begun(
    near: QuerySet[Artifact, Any], seen: ArtifactQuerySet, where: Where, first: Any, end: Any
) -> QuerySet[Artifact, Any]:
    """With those whose whole name begins so: among them is what is called just so, and many may hide it."""
    if where is not Where.NAME:
        return near
    named = seen.alias(lowered=Lower("name")).filter(lowered__gte=first, lowered__lt=end)
    return near.union(few(named))


@prepared
def tagged(
    person: User, kind: Kind, of_team: bool, most: int, *, team: Any, tag: Any
) -> QuerySet[Artifact, Any]:
    near = visible(person, kind, team if of_team else "").filter(tags__contains=Tags(tag))
    return named(Artifact.objects.filter(pk__in=few(near)), most)


def has(where: Where, query: Any) -> Coalesce:
    """A condition that is asked of each row, and of no index."""
    words = Called("search") if where is Where.NAME else F("search")
    return one_by_one(SearchVectorExact(words, SearchQuery(query, config="simple", search_type="raw")))


class Tags(Func):
    """One tag as the array that it is alone."""

    template = "ARRAY[%(expressions)s]::varchar(40)[]"
    output_field = ArrayField(CharField(max_length=40))


def shortest(near: QuerySet[Artifact, Any], where: Where, query: Any, most: int) -> QuerySet[Artifact, Any]:
    return named(Artifact.objects.filter(has(where, query), pk__in=near), most)


def named(rows: ArtifactQuerySet, most: int) -> QuerySet[Artifact, Any]:
    return described(rows.order_by(Length("name"), "name", "pk"))[:most]


def shown(rows: Iterable[Any]) -> list[Shown]:
    return [Shown._make(row) for row in rows]


def described(rows: QuerySet[Artifact]) -> QuerySet[Artifact, Any]:
    return rows.annotate(summary=Left("description", 200)).values_list(*Shown._fields)


@searches("version", "Versions", "file", rank=50)
def versions(person: User, text: str, most: int) -> Iterable[Hit]:
    """“scorer 3”, “scorer:3”, or how a digest begins."""
    rows = Version.objects.visible_to(person).select_related("artifact__team")
    lowered = text.lower().replace(" ", "")
    if match := NUMBERED.fullmatch(text):
        team, name = owned(match["name"])
        query = beginnings(name)
        if not query:
            return
        seen = Artifact.objects.visible_to(person).filter(team__slug__startswith=team)
        called = seen.called(query).order_by().values("pk")[:CANDIDATES]
        rows, why = rows.filter(artifact__in=called, number=int(match["number"])), "its number"
    elif DIGEST.fullmatch(lowered):
        rows, why = rows.filter(digest__startswith=lowered), "its digest"
    else:
        return
    for found in rows.order_by("-pk")[:most]:
        title = f"{found.artifact.name} {found.number}"
        yield Hit(title, addresses.of_label(found.label), found.artifact.team.slug, why)


@searches("finding", "Findings", "blocked", rank=80, all_of=lambda text: board(text))
def findings(person: User, text: str, most: int) -> Iterable[Hit]:
    """Open ones, among the newest."""
    number, words = by_name(text)
    for found in newest_findings(person, number, most, **words):
        href = f"{addresses.of_version(found.version, 'findings')}#finding-{found.pk}"
        yield Hit(found.message[:200], href, f"{found.version.label}, {found.path}", found.check_name)


@prepared
def newest_findings(
    person: User, number: int, most: int, *, word0: Any, word1: Any, word2: Any, word3: Any,
    word4: Any, word5: Any, word6: Any, word7: Any,
) -> QuerySet[Finding]:  # fmt: skip
    words = (word0, word1, word2, word3, word4, word5, word6, word7)[:number]
    seen = Finding.objects.visible_to(person).open().filter(severity__gt=Severity.INFO)
    near = Finding.objects.filter(pk__in=seen.order_by("-pk").values("pk")[:NEWEST_FINDINGS])
    rows = having(near, ("message", "name", "path", "check_name"), words)
    heavy = ("notes", "metrics", "parameters", "artifact__description", "artifact__search")
    rows = rows.select_related("version__artifact__team").defer(*(f"version__{name}" for name in heavy))
    return rows.order_by("-severity", "-pk")[:most]


def board(text: str) -> str:
    return f"{reverse('registry:board')}?{urlencode({'search': text})}"
