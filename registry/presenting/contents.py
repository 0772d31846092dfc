"""What is in a version and what was found in it: files with their state, findings, facts, metrics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Subquery

from governance import paging
from governance.models import User
from governance.paging import Page
from governance.prepared import prepared
from registry.checking import FAILURE
from registry.checks import for_kind
from registry.models import CheckResult, File, Finding, Severity, Version
from registry.models.findings import FindingQuerySet, covering_waivers
from registry.presenting.addresses import of_version
from registry.presenting.parts import Action, role_says_no
from registry.presenting.words import NOT_EVALUATED, Counts, added_up, grouped_by, in_words, number
from registry.signing.standing import CHECK as SIGNATURES

MOST_FILES = 100
MOST_FINDINGS = 25
MOST_LISTED = 100
MOST_NAMED = 20
MOST_FACTS = 5
MOST_TYPES = 20
ELSEWHERE = ("folder_facts", "stream_schema")
"""What these say is shown with the profile."""
TYPES = "file_type"
MOST_COLUMNS = 40
MOST_METRICS = 50
COLOURS = {
    Severity.CRITICAL: "blocked",
    Severity.HIGH: "blocked",
    Severity.MEDIUM: "warn",
    Severity.LOW: "info",
}


# ------------------------------------------------------------------ files


@dataclass
class FileRow:
    """A file as the tree and the table show it."""

    file: File
    state: str
    word: str
    href: str
    """What is in it."""
    fetch: str
    """The bytes."""

    @property
    def name(self) -> str:
        return self.file.path.rpartition("/")[2]

    @property
    def path(self) -> str:
        return self.file.path

    @property
    def size(self) -> int:
        return self.file.size

    @property
    def sha256(self) -> str:
        return self.file.sha256


def file_rows(version: Version, files: Sequence[File]) -> list[FileRow]:
    """Each file with what its checks said: two queries for all of them."""
    if version.is_draft:
        return [FileRow(file, "", "", *addresses(version, file)) for file in files]
    done = outcomes(version, files)
    found = added_up(found_at(version=version.pk, paths=[file.path for file in files]))
    return [
        FileRow(
            file,
            *file_state(done.get(file.pk, (0, 0)), found.get((file.path,), {}), version),
            *addresses(version, file),
        )
        for file in files
    ]


def addresses(version: Version, file: File) -> tuple[str, str]:
    return of_version(version, "preview", path=file.path), of_version(version, "download", path=file.path)


def outcomes(version: Version, files: Sequence[File]) -> dict[int, tuple[int, int]]:
    """How many checks of each file are done, and how many failed."""
    names = [check.name for check in for_kind(version.artifact.kind)]
    counted = ended(version=version.pk, files=[file.pk for file in files], names=names)
    return {file: (done, failed) for file, done, failed in counted}


@prepared
def ended(*, version: Any, files: Any, names: Any) -> QuerySet[CheckResult, tuple[int, int, int]]:
    results = CheckResult.objects.filter(version=version, file__in=files, check_name__in=names).order_by()
    return results.values_list("file").annotate(
        done=Count("pk", filter=Q(outcome="done")), failed=Count("pk", filter=Q(outcome="failed"))
    )


@prepared
def found_at(*, version: Any, paths: Any) -> QuerySet[Finding, Any]:
    return grouped_by(Q(version=version, path__in=paths), "path")


@prepared
def first_files(*, version: Any) -> QuerySet[File]:
    """One more than the page of a version shows."""
    return File.objects.filter(version=version).select_related("blob")[: MOST_FILES + 1]


def file_state(outcome: tuple[int, int], counts: Counts, version: Version) -> tuple[str, str]:
    """The state of one file and its word: what is not evaluated is never clean."""
    done, failed = outcome
    if failed:
        return "neutral", "Not evaluated"
    if done < len(for_kind(version.artifact.kind)):
        return "info", "Being checked"
    worst = max((severity for severity in counts if severity > Severity.INFO), default=None)
    if worst is not None:
        return COLOURS[Severity(worst)], in_words(counts)
    said = in_words({key: value for key, value in counts.items() if key != NOT_EVALUATED})
    return ("info", said) if said else ("good", "Clean")


# ------------------------------------------------------------------ findings


@dataclass
class FindingRow:
    finding: Finding
    state: str
    word: str
    waive: Action | None
    name: str = ""
    """Where a steward says that it is a name of the team's own."""


def open_findings(version: Version) -> FindingQuerySet:
    """With `waived_until`, the last day of the waivers in force that cover it."""
    return open_in(version.pk)


def open_in(version: Any) -> FindingQuerySet:
    until = covering_waivers().order_by().values("artifact").annotate(last=Max("ends_at")).values("last")
    rows = Finding.objects.filter(version=version).open().with_waived()
    return rows.annotate(waived_until=Subquery(until))


@prepared
def first_blocking(*, version: Any) -> QuerySet[Finding]:
    """What stands before a dangerous file."""
    return Finding.objects.filter(version=version).blocking()[:MOST_NAMED]


@prepared
def all_blocking(*, version: Any) -> QuerySet[Finding, int]:
    """Their keys, as far as one counts."""
    rows = Finding.objects.filter(version=version).blocking().order_by()
    return rows.values_list("pk", flat=True)[: paging.MOST_COUNTED + 1]


def findings_page(version: Version, cursor: str) -> Page[Finding]:
    """All that are open, the worst first. Of the first page, which is asked for most, the SQL is kept."""
    if cursor:
        return paging.page(open_findings(version), "-severity", cursor=cursor, size=MOST_LISTED)
    return paging.begun(opening(version=version.pk), "-severity", MOST_LISTED)


@prepared
def opening(*, version: Any) -> QuerySet[Finding]:
    """The first page of all that are open, the worst first."""
    return paging.opening(open_in(version), "-severity", MOST_LISTED)


@prepared
def how_many(*, version: Any) -> QuerySet[Finding, int]:
    """The keys of open ones, as far as one counts."""
    rows = Finding.objects.filter(version=version).open().order_by()
    return rows.values_list("pk", flat=True)[: paging.MOST_COUNTED + 1]


@prepared
def first_findings(*, version: Any) -> QuerySet[Finding]:
    """One more than the page of a version shows."""
    return open_in(version)[: MOST_FINDINGS + 1]


def finding_rows(person: User, version: Version, findings: Sequence[Finding], no: str) -> list[FindingRow]:
    """`no` is why this person may not waive any of them; empty when there is no reason."""
    offered = not role_says_no(person, "finding.waive", version)
    return [finding_row(version, finding, no, offered) for finding in findings]


def finding_row(version: Version, finding: Finding, no: str, offered: bool) -> FindingRow:
    """Who may not waive by role is not shown a button in every row."""
    can = offered and finding.name != FAILURE and not finding.waived and finding.severity > Severity.INFO
    waive = Action("Waive it", of_version(version, "waive", pk=finding.pk), closed=no) if can else None
    if finding.name == FAILURE:
        return FindingRow(finding, "neutral", "Not evaluated", None)
    name = of_version(version, "name_add", pk=finding.pk) if can and not no and finding.can_be_known else ""
    word = finding.severity_word.capitalize()
    return FindingRow(finding, COLOURS.get(Severity(finding.severity), "neutral"), word, waive, name)


# ------------------------------------------------------------------ facts


@dataclass
class Measured:
    """What one check counted in one file: single values, and the table of its columns."""

    path: str
    values: list[tuple[str, str]]
    head: list[str]
    rows: list[list[str]]
    more: int


def measured(version: Version) -> list[Measured]:
    """What checks counted, for the first files that they counted in. What a signature says stands apart."""
    found = [fact(path, data or {}) for path, data in facts(version=version.pk)]
    return [*types_of(version), *found]


def types_of(version: Version) -> list[Measured]:
    """What the check of types says of the first files, in one table; sizes stand beside them."""
    found = list(types(version=version.pk))
    rows = [[path, data["type"], data["media_type"]] for path, data in found[:MOST_TYPES]]
    title = "What the files are" if len(found) <= MOST_TYPES else f"What the first {MOST_TYPES} files are"
    return [Measured(title, [], ["File", "Type", "Media type"], rows, 0)] if rows else []


@prepared
def types(*, version: Any) -> QuerySet[CheckResult, tuple[str, Any]]:
    found = CheckResult.objects.filter(version=version, check_name=TYPES).exclude(fact=None)
    return found.order_by("file__path").values_list("file__path", "fact")[: MOST_TYPES + 1]


@prepared
def facts(*, version: Any) -> QuerySet[CheckResult, tuple[str, Any]]:
    found = (
        CheckResult.objects.filter(version=version)
        .exclude(fact=None)
        .exclude(check_name__in=[SIGNATURES, TYPES, *ELSEWHERE])
    )
    return found.order_by("file__path", "check_name").values_list("file__path", "fact")[:MOST_FACTS]


def fact(path: str, data: Mapping[str, Any]) -> Measured:
    """Any object of JSON: what holds nothing below it is a value, a list of objects the table."""
    single = [(name, number(value)) for name, value in data.items() if not isinstance(value, list | dict)]
    tables = (value for value in data.values() if isinstance(value, list))
    objects = [each for each in next(tables, []) if isinstance(each, dict)]
    head = list(objects[0]) if objects else []
    rows = [[number(each.get(word, "")) for word in head] for each in objects[:MOST_COLUMNS]]
    return Measured(path, single, head, rows, max(0, len(objects) - MOST_COLUMNS))


@dataclass
class Judge:
    """A check that has finished, and by which code and lists."""

    check: str
    said: str


def judges(version: Version) -> list[Judge]:
    """What judged the files; a check stands here more than once while files wait for its newest lists."""
    return [
        Judge(check, ", ".join(f"{word} {found[:8]}" for word, found in by if found) or "an older release")
        for check, engine, lists in judged_by(version=version.pk)
        for by in [(("engine", engine), ("lists", lists))]
    ]


@prepared
def judged_by(*, version: Any) -> QuerySet[CheckResult, tuple[str, str, str]]:
    fields = ("check_name", "engine_version", "list_version")
    finished = CheckResult.objects.filter(version=version).exclude(outcome="")
    return finished.order_by(*fields).values_list(*fields).distinct()


@dataclass
class Metric:
    """A metric beside the one of the version in production."""

    name: str
    value: str
    other: str = ""
    change: str = ""


def metrics(mine: Mapping[str, Any], other: Mapping[str, Any]) -> list[Metric]:
    return [metric(name, value, other.get(name)) for name, value in list(mine.items())[:MOST_METRICS]]


def metric(name: str, value: Any, other: Any) -> Metric:
    if other is None:
        return Metric(name, number(value))
    change = value - other
    sign = "+" if change > 0 else "\u2212" if change < 0 else "±"
    return Metric(name, number(value), number(other), f"{sign}{number(abs(change))}")


def values(given: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(name, number(value)) for name, value in list(given.items())[:MOST_METRICS]]
