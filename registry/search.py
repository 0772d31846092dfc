"""Artifacts, versions and findings, found by words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.db.models.functions import Left, Length
from django.urls import reverse

from governance.late import late
from governance.models import User
from governance.searches import Hit, searches
from governance.searching import searched
from registry.models import Artifact, Finding, Kind, Severity, Version
from registry.models.artifacts import ArtifactQuerySet, beginnings, label_of
from registry.presenting import addresses
from registry.presenting.words import first_line

# A common word is in every description: so many that have it are ranked, not all of them.
CANDIDATES = 2000
NEWEST = 1000  # of findings, which are looked through word by word
NUMBERED = re.compile(r"(?P<name>.*?)[\s:@/]+v?(?P<number>[1-9]\d{0,8})")
DIGEST = re.compile(r"[0-9a-f]{8,64}")
SHORTEST = 4  # letters of a word that may be meant otherwise
LIKENESS = 80  # of 100: two letters that changed places in a name of six have 91
MEANT = 1000  # names that are compared


class Called(NamedTuple):
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
    seen = Artifact.objects.visible_to(person).filter(kind=kind, archived_at=None, team__archived_at=None)
    if team:
        seen = seen.filter(team__slug__startswith=team)
    known: set[int] = set()
    for rows, why in ways(seen, name):
        if len(known) >= most:
            return
        for found in best(rows, most - len(known), known):
            known.add(found.pk)
            yield found.hit(why)
    if not known:
        for found in alike(seen, name, most):
            yield found.hit("a name like it")


def alike(seen: ArtifactQuerySet, text: str, most: int) -> list[Called]:
    """Those whose names, or parts of them, are what one may have meant, among the newest that one sees."""
    if len(text) < SHORTEST or " " in text:
        return []
    rows = [Called._make(row) for row in described(seen.order_by("-pk"))[:MEANT]]
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


def ways(seen: ArtifactQuerySet, text: str) -> Iterator[tuple[ArtifactQuerySet, str]]:
    query = beginnings(text)
    if not query:
        if not text.strip():
            yield seen, ""
        return
    yield seen.matching(query.replace(":*", ":*A")), "its name"
    if " " not in text:
        yield seen.filter(tags__contains=[text.lower()]), "its tag"
    yield seen.matching(query), "its description"


def best(rows: ArtifactQuerySet, most: int, but: set[int]) -> list[Called]:
    """The shortest names first, among CANDIDATES: rights are within, so that none of them is lost."""
    near = rows.order_by().values("pk")[:CANDIDATES]
    found = Artifact.objects.filter(pk__in=near).exclude(pk__in=but).order_by(Length("name"), "name", "pk")
    return [Called._make(row) for row in described(found)[:most]]


def described(rows: QuerySet[Artifact]) -> QuerySet[Artifact, Any]:
    return rows.annotate(summary=Left("description", 200)).values_list(*Called._fields)


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
        called = seen.matching(query.replace(":*", ":*A")).order_by().values("pk")[:CANDIDATES]
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
    seen = Finding.objects.visible_to(person).open().filter(severity__gt=Severity.INFO)
    fields = ("message", "name", "path", "check_name")
    rows = searched(Finding.objects.filter(pk__in=seen.order_by("-pk").values("pk")[:NEWEST]), fields, text)
    for found in rows.select_related("version__artifact__team").order_by("-severity", "-pk")[:most]:
        href = f"{addresses.of_version(found.version, 'findings')}#finding-{found.pk}"
        yield Hit(found.message[:200], href, f"{found.version.label}, {found.path}", found.check_name)


def board(text: str) -> str:
    return f"{reverse('registry:board')}?{urlencode({'search': text})}"
