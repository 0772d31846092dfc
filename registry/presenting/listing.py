"""Lists of artifacts: which ones, and what one row says. A page takes the same few queries however long."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from governance import paging
from governance.models import Approval, User
from governance.once import once
from governance.paging import SIZE, Page
from governance.prepared import prepared
from registry.checks import for_kind
from registry.models import Alias, Artifact, Finding, Kind, Version
from registry.models.artifacts import beginnings, label_of
from registry.models.versions import done_results
from registry.presenting import addresses
from registry.presenting.narrowing import narrowed, settled
from registry.presenting.words import Counts, added_up, first_line, first_metric, grouped_by, in_words

Shape = tuple[frozenset[str], str, str]
GIVEN = ("team", "owner", "licence", "tag", "alias", "search", "among")
ORDERS = {"-changed": "-updated_at", "changed": "updated_at", "name": "name", "-name": "-name"}


class Shown(NamedTuple):
    """An artifact of a list, by the fields it is read from: fifty objects would take half the time."""

    pk: int
    kind: str
    team__slug: str
    name: str
    owner__username: str
    owner__first_name: str
    owner__last_name: str
    tags: Sequence[str]
    licence: str
    restricted: bool
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None
    summary: str

    @property
    def label(self) -> str:
        return label_of(self.kind, self.team__slug, self.name)

    @property
    def owner(self) -> str:
        return f"{self.owner__first_name} {self.owner__last_name}".strip() or self.owner__username


class Newest(NamedTuple):
    """The newest version of an artifact, by FIELDS of it: what a row says of it."""

    artifact: int
    pk: int
    kind: str
    number: int
    state: str
    submitted_at: datetime | None
    done_results: int
    file_count: int
    metrics: Mapping[str, float]
    withdrawn_at: datetime | None

    @property
    def is_draft(self) -> bool:
        return self.submitted_at is None


FIELDS = (
    "artifact", "pk", "artifact__kind", "number", "state_now", "submitted_at", "done_results", "file_count",
    "metrics", "withdrawn_at",
)  # fmt: skip


@dataclass
class Row:
    """One artifact in a list."""

    artifact: Shown
    href: str
    about: str
    version: int | None
    state: str
    word: str
    findings: str
    production: int | None
    metric: tuple[str, str] | None

    def to(self, version: int) -> str:
        return f"{self.href}versions/{version}/"


# ------------------------------------------------------------------ which


def page(
    person: User, kind: Kind, filters: Mapping[str, Any], order: str, *, cursor: str = "", size: int = SIZE
) -> Page[Shown]:
    """One page of them. Of the first, which is asked for most, the SQL is kept."""
    return paged(person, kind, settled(person, filters), order, cursor, size)


def page_and_count(
    person: User, kind: Kind, filters: Mapping[str, Any], order: str, *, cursor: str = ""
) -> tuple[Page[Shown], str]:
    """The same, and how many there are, as far as one counts: asked only where the page does not hold all."""
    filters = settled(person, filters)
    page = paged(person, kind, filters, order, cursor, SIZE)
    if page.newer or page.older:
        return page, count(person, kind, filters)
    return page, paging.bounded(len(page.rows))


def count(person: User, kind: Kind, filters: Mapping[str, Any]) -> str:
    """Of filters that are settled."""
    return paging.bounded(len(keys(person, kind, shape(filters), **values(filters))))


def paged(
    person: User, kind: Kind, filters: Mapping[str, Any], order: str, cursor: str, size: int
) -> Page[Shown]:
    """Of filters that are settled."""
    if cursor:
        rows = listed(person, kind, filters).values_list(*Shown._fields, named=True)
        page: Page[Any] = paging.page(rows, order, cursor=cursor, size=size)
    else:
        found = opening(person, kind, shape(filters), order, size, **values(filters))
        page = paging.begun(found, order, size)
    return replace(page, rows=list(map(Shown._make, page.rows)))


def shape(filters: Mapping[str, Any]) -> Shape:
    """Which filters are set, and the state and the severity that are asked for."""
    return frozenset(filters).intersection(GIVEN), filters.get("state", ""), filters.get("severity", "")


def values(filters: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: filters.get(name, "") for name in GIVEN}
    return {**found, "search": beginnings(found["search"])}


@prepared
def opening(
    person: User, kind: Kind, filters: Shape, order: str, size: int, *,
    team: Any, owner: Any, licence: Any, tag: Any, alias: Any, search: Any, among: Any,
) -> QuerySet[Artifact, Any]:  # fmt: skip
    given = (team, owner, licence, tag, alias, search, among)
    rows = shaped(person, kind, *filters, dict(zip(GIVEN, given, strict=True))).values_list(
        *Shown._fields, named=True
    )
    return paging.opening(rows, order, size)


@prepared
def keys(
    person: User, kind: Kind, filters: Shape, *,
    team: Any, owner: Any, licence: Any, tag: Any, alias: Any, search: Any, among: Any,
) -> QuerySet[Artifact, int]:  # fmt: skip
    given = (team, owner, licence, tag, alias, search, among)
    rows = shaped(person, kind, *filters, dict(zip(GIVEN, given, strict=True)))
    return rows.order_by().values_list("pk", flat=True)[: paging.MOST_COUNTED + 1]


def shaped(
    person: User, kind: Kind, names: frozenset[str], state: str, severity: str, given: Mapping[str, Any]
) -> QuerySet[Artifact]:
    filters = {name: given[name] for name in names}
    chosen = {"state": state, "severity": severity}
    return narrowed(person, kind, {**filters, **{name: value for name, value in chosen.items() if value}})


def listed(person: User, kind: Kind, filters: Mapping[str, Any]) -> QuerySet[Artifact]:
    """The artifacts of a kind that this person may see, narrowed down."""
    searched = {"search": beginnings(filters["search"])} if "search" in filters else {}
    return narrowed(person, kind, {**filters, **searched})


# ------------------------------------------------------------------ rows


def rows(person: User, artifacts: Sequence[Shown]) -> list[Row]:
    """What the list says about each."""
    keys = [artifact.pk for artifact in artifacts]
    versions = {version.artifact: version for version in map(Newest._make, newest(person, artifacts=keys))}
    found = finding_counts(version.pk for version in versions.values())
    production = dict(in_production(artifacts=keys))
    labels = {
        each.pk: f"{each.label}/versions/{versions[each.pk].number}"
        for each in artifacts
        if each.pk in versions
    }
    asked = set(undecided(person, labels=list(labels.values())))
    return [
        row(each, versions.get(each.pk), found, production.get(each.pk), labels.get(each.pk) in asked)
        for each in artifacts
    ]


def row(
    artifact: Shown,
    version: Newest | None,
    found: Mapping[int, Counts],
    production: int | None,
    asked: bool,
) -> Row:
    state, word = standing(version, production, asked)
    if artifact.restricted and version is None:
        state, word, production = "neutral", "Restricted", None
    return Row(
        artifact=artifact,
        href=addresses.of_label(artifact.label),
        about=first_line(artifact.summary),
        version=version.number if version else None,
        state=state,
        word=word,
        findings=said_of(version, found.get(version.pk, {})) if version else "",
        production=production,
        metric=first_metric(version.metrics) if version else None,
    )


@prepared
def newest(person: User, *, artifacts: Any) -> QuerySet[Version, Any]:
    return newest_of(person, artifacts).values_list(*FIELDS)


def newest_of(person: User, artifacts: Any) -> QuerySet[Version]:
    """The newest version of each that this person may see, with how it stands."""
    seen = Version.objects.visible_to(person).filter(artifact__in=artifacts)
    last = seen.order_by("artifact", "-number").distinct("artifact").values("pk")
    return Version.objects.filter(pk__in=last).with_state().with_progress().order_by()


@prepared
def in_production(*, artifacts: Any) -> QuerySet[Alias, tuple[int, int]]:
    """Keys of artifacts, and the number of the version that is in production."""
    held = Alias.objects.filter(artifact__in=artifacts, name="production").order_by()
    return held.values_list("artifact", "version__number")


@prepared
def undecided(person: User, *, labels: Any) -> QuerySet[Approval, str]:
    """The labels of those for which somebody has asked for an approval that is not given yet."""
    asked = Approval.objects.visible_to(person).undecided().filter(subject__in=labels)
    return asked.order_by().values_list("subject", flat=True)


def standing(version: Newest | None, production: int | None, asked: bool) -> tuple[str, str]:
    """The state of a row and its word, where its usual one says less."""
    if version is None:
        return "draft", "No version"
    if version.withdrawn_at is not None:
        return "blocked", "Withdrawn"
    if version.state == "checking":
        return "checking", checks_said(version)
    if version.state == "ready" and version.number == production:
        return "released", "In production"
    if version.state == "ready" and asked:
        return "info", "Asks for approval"
    return version.state, ""


def checks_said(version: Version | Newest) -> str:
    done, wanted = progress(version)
    return f"{done} of {wanted} checks"


def progress(version: Version | Newest) -> tuple[int, int]:
    """How many results there are, and how many there must be. Of many read `with_progress`."""
    done: int | None = getattr(version, "done_results", None)
    if done is None:
        done = next(iter(finished(Kind(version.kind), version=version.pk)))
    return done, version.file_count * len(for_kind(version.kind))


@once
@prepared
def finished(kind: Kind, *, version: Any) -> QuerySet[Version, int]:
    rows = Version.objects.filter(pk=version).annotate(done=done_results(kind))
    return rows.values_list("done", flat=True)


def finding_counts(versions: Iterable[int]) -> dict[int, Counts]:
    """The open findings of each version, counted."""
    return {pk: counts for (pk,), counts in added_up(found_in(versions=list(versions))).items()}


@prepared
def found_in(*, versions: Any) -> QuerySet[Finding, Any]:
    return grouped_by(Q(version__in=versions), "version")


def said_of(version: Version | Newest, counts: Counts) -> str:
    """“2 high, 1 medium”, or why there is nothing to say."""
    if said := in_words(counts):
        return said
    if version.is_draft:
        return "not checked"
    return "no finding so far" if version.state == "checking" else "no finding"
