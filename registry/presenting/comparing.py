"""Two versions of an artifact side by side: what became different from the one to the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet

from governance.models import User
from governance.prepared import prepared
from registry.models import Artifact, File, Finding, Kind, Link, Severity, Version
from registry.presenting import choosing, evaluations, schemas
from registry.presenting.choosing import Beside
from registry.presenting.contents import Metric, metric
from registry.presenting.evaluations import SameData
from registry.presenting.schemas import Schema
from registry.presenting.words import number

MOST_OFFERED = 100
MOST_SHOWN = 200
MOST_FILES = 20_000
MOST_FINDINGS = 2000
MOST_LINES = 2000
AROUND = 3

T = TypeVar("T")
Held = tuple[int, str]
"""Size and SHA-256 of a file."""


@dataclass
class Change(Generic[T]):
    """What is at one place: nothing before is new, nothing after is gone."""

    name: str
    before: T | None
    after: T | None

    @property
    def what(self) -> str:
        return "added" if self.before is None else "removed" if self.after is None else "changed"


@dataclass
class Changes(Generic[T]):
    """The first of them, how many there are of each sort, and how many places are alike."""

    rows: list[Change[T]]
    added: int
    removed: int
    changed: int
    same: int

    @property
    def more(self) -> int:
        return self.added + self.removed + self.changed - len(self.rows)


@dataclass
class Line:
    """A line of a text that changed; `mark` is blank, minus, plus, or a dot where lines are left out."""

    mark: str
    before: int | None
    after: int | None
    text: str


@dataclass
class Comparison:
    """`before` and `after` are versions that this person may see."""

    before: Version
    after: Version
    files: Changes[Held]
    metrics: list[Metric]
    parameters: Changes[str]
    lineage: Changes[str]
    hidden: tuple[int, int]
    findings: Changes[Finding]
    notes: list[Line]
    schemas: list[Schema]
    scored: list[Beside]
    evaluated: list[SameData]
    other_data: bool
    """Whether both were evaluated, and never on the same data."""

    @property
    def alike(self) -> bool:
        parts = (self.files, self.parameters, self.lineage, self.findings)
        moved = any(part.added + part.removed + part.changed for part in parts)
        moved = moved or any(schema.changes for schema in self.schemas)
        moved = bool(moved or self.scored or self.evaluated or self.other_data)
        return not (moved or self.notes or self.before.metrics != self.after.metrics)


def numbered(person: User, artifact: Artifact, number: str) -> Version | None:
    """The version of this number, as far as one sees it."""
    for version in of_number(person, artifact=artifact.pk, number=number):
        version.artifact = artifact
        return version
    return None


@prepared
def of_number(person: User, *, artifact: Any, number: Any) -> QuerySet[Version]:
    return Version.objects.visible_to(person).filter(artifact=artifact, number=number).order_by()


@prepared
def offered(person: User, *, artifact: Any) -> QuerySet[Version, int]:
    """The numbers of the newest versions, to choose from."""
    seen = Version.objects.visible_to(person).filter(artifact=artifact).order_by("-number")
    return seen.values_list("number", flat=True)[:MOST_OFFERED]


def compare(person: User, before: Version, after: Version) -> Comparison:
    old, new = (evaluations.standing([each], person) for each in (before, after))
    evaluated = evaluations.same_data(old, new, before.number)
    above = {each.pk: parents(person, each) for each in (before, after)}
    scored = choosing.both(person, before, after) if after.artifact.kind == Kind.MODEL else []
    return Comparison(
        before,
        after,
        scored=scored,
        files=changes(files(before), files(after)),
        metrics=metrics(before.metrics, after.metrics),
        parameters=changes(spoken(before.parameters), spoken(after.parameters)),
        lineage=changes(above[before.pk][0], above[after.pk][0]),
        hidden=(above[before.pk][1], above[after.pk][1]),
        findings=changes(findings(before), findings(after), alike=lambda one, other: True),
        notes=lines(before.notes, after.notes),
        schemas=schemas.of_versions(before, after),
        evaluated=evaluated,
        other_data=bool(old and new and not evaluated),
    )


def changes(
    before: Mapping[str, T], after: Mapping[str, T], alike: Any = lambda one, other: one == other
) -> Changes[T]:
    """By name, in the order of the later one, then what is gone."""
    names = [*after, *(name for name in before if name not in after)]
    both = [name for name in names if name in before and name in after]
    same = {name for name in both if alike(before[name], after[name])}
    rows = [Change(name, before.get(name), after.get(name)) for name in names if name not in same]
    return Changes(
        rows[:MOST_SHOWN],
        added=sum(name not in before for name in names),
        removed=sum(name not in after for name in names),
        changed=len(both) - len(same),
        same=len(same),
    )


# ------------------------------------------------------------------ what is compared


def files(version: Version) -> dict[str, Held]:
    return {path: (size, sha256) for path, size, sha256 in files_of(version=version.pk)}


@prepared
def files_of(*, version: Any) -> QuerySet[File, tuple[str, int, str]]:
    rows = File.objects.filter(version=version).order_by("path")
    return rows.values_list("path", "blob__size", "blob__sha256")[:MOST_FILES]


def spoken(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: number(value) for name, value in values.items()}


def metrics(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Metric]:
    names = [*after, *(name for name in before if name not in after)][:MOST_SHOWN]
    return [
        metric(name, after[name], before.get(name))
        if name in after
        else Metric(name, "", number(before[name]))
        for name in names
    ]


def parents(person: User, version: Version) -> tuple[dict[str, str], int]:
    """Relations by label, as far as they are seen, and how many are not."""
    links = links_of(version=version.pk)
    keys = [link.parent_id for link in links]
    seen = set(seen_among(person, keys=keys)) if keys else set()
    found: dict[str, str] = {}
    for link in links:
        if link.parent_id in seen:
            words = link.get_relation_display()
            label = link.parent.label
            found[label] = f"{found[label]}, {words}" if label in found else words
    return found, sum(link.parent_id not in seen for link in links)


@prepared
def links_of(*, version: Any) -> QuerySet[Link]:
    heavy = ("parent__notes", "parent__metrics", "parent__parameters")
    rows = Link.objects.filter(version=version).select_related("parent__artifact__team")
    return rows.defer(*heavy, "parent__artifact__description", "parent__artifact__search").order_by("pk")


@prepared
def seen_among(person: User, *, keys: Any) -> QuerySet[Version, int]:
    return Version.objects.visible_to(person).filter(pk__in=keys).order_by().values_list("pk", flat=True)


def findings(version: Version) -> dict[str, Finding]:
    """Open ones that say more than what was measured, by what stays the same from version to version."""
    return {
        f"{each.check_name}\n{each.path}\n{each.name}": each for each in open_findings(version=version.pk)
    }


@prepared
def open_findings(*, version: Any) -> QuerySet[Finding]:
    open_now = Finding.objects.filter(version=version).open()
    return open_now.filter(severity__gt=Severity.INFO)[:MOST_FINDINGS]


# ------------------------------------------------------------------ a text that changed


def lines(before: str, after: str) -> list[Line]:
    """What changed with three lines around it; nothing when nothing did."""
    one, other = before.splitlines()[:MOST_LINES], after.splitlines()[:MOST_LINES]
    if one == other:
        return []
    groups = SequenceMatcher(None, one, other, autojunk=True).get_grouped_opcodes(AROUND)
    found: list[Line] = []
    for group in groups:
        if found or group[0][1]:
            found.append(Line("…", None, None, ""))
        for code in group:
            found += of_code(code, one, other)
    return found


def of_code(code: tuple[str, int, int, int, int], one: Sequence[str], other: Sequence[str]) -> Iterable[Line]:
    tag, start, end, to_start, to_end = code
    if tag == "equal":
        for place in range(end - start):
            yield Line(" ", start + place + 1, to_start + place + 1, one[start + place])
        return
    for place in range(start, end):
        yield Line("-", place + 1, None, one[place])
    for place in range(to_start, to_end):
        yield Line("+", None, place + 1, other[place])
