"""What the checks of quality say of a version: worked out from what was measured, for worker and page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from governance.models import Team
from governance.once import once
from governance.prepared import prepared
from registry import estates, gathered, operated, rivals, trusted
from registry.checks import Issue
from registry.contracts.outcomes import Seen
from registry.contracts.terms import for_path, unused
from registry.evaluating import Evidence, Statement
from registry.measured import MOST_TABLES, dataset_of, known
from registry.models import Artifact, CheckResult, Declaration, Evaluation, File, Kind, Link, Record, Version
from registry.models.contracts import contract_of
from registry.models.gates import thresholds_of
from registry.operating import Operation
from registry.quality import (
    QUALITY,
    About,
    Declared,
    Folders,
    Knowledge,
    Needs,
    Only,
    Quality,
    Stream,
    Subject,
    Table,
    judged,
)
from registry.quality.imbalance import classes
from registry.scoring import GOLDEN

MOST_RECORDS, MOST_BEFORE = 50, 3
MOST_SCHEMAS = 500
PRODUCTION = "production"
EVIDENCE = ("evaluation", "training")
# Where a finding is that is in no file; waivers hang on it.
CONTRACT, RECORDS, FILES = "the contract", "the records", "the files"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one check says of one table."""

    path: str
    check: Quality
    issues: list[Issue]
    needs: list[Needs]


def declared(artifact: Artifact) -> Declared:
    """What holds now."""
    for newest in newest_of(artifact=artifact.pk):
        return newest.as_declared()
    return Declared()


@prepared
def newest_of(*, artifact: Any) -> QuerySet[Declaration]:
    return Declaration.objects.filter(artifact=artifact).order_by("-number")[:1]


def travelling(artifact: Artifact, path: str) -> dict[str, Any]:
    """What people say of a table, as its child takes it along."""
    holds = contract_of(artifact)
    return {**asdict(declared(artifact)), "contract": for_path(holds.terms if holds else None, path)}


def previous(version: Version) -> Version | None:
    """The frozen version before, which is not withdrawn."""
    return next(iter(last_before(artifact=version.artifact_id, number=version.number)), None)


@prepared
def last_before(*, artifact: Any, number: Any) -> QuerySet[Version]:
    earlier = Version.objects.filter(artifact=artifact, number__lt=number, withdrawn_at=None)
    return earlier.exclude(submitted_at=None).order_by("-number")[:1]


def in_use_before(version: Version, before: Version | None) -> Version | None:
    """The earlier version that production points at, unless that is the one before."""
    found = next(iter(pointed_at(artifact=version.artifact_id, number=version.number)), None)
    return found if found != before else None


@prepared
def pointed_at(*, artifact: Any, number: Any) -> QuerySet[Version]:
    return Version.objects.filter(
        artifact=artifact, number__lt=number, withdrawn_at=None, aliases__name=PRODUCTION
    )[:1]


def following(version: Version) -> Version | None:
    """The frozen version after it, which is compared with it."""
    return next(iter(first_after(artifact=version.artifact_id, number=version.number)), None)


@prepared
def first_after(*, artifact: Any, number: Any) -> QuerySet[Version]:
    later = Version.objects.filter(artifact=artifact, number__gt=number).exclude(submitted_at=None)
    return later.select_related("artifact__team").order_by("number")[:1]


@once
def tables(version: Version) -> list[Table]:
    """Those that could be measured, each with the one of the same path in the version before."""
    before, said = previous(version), declared(version.artifact)
    earlier = known(before) if before else {}
    number = before.number if before else None
    baseline = in_use_before(version, before)
    used = known(baseline) if baseline else {}
    holds = contract_of(version.artifact)
    terms = holds.terms if holds else None
    limits = thresholds_of(version.artifact.team)
    seen = Seen(version.submitted_at, Link.objects.filter(version=version).count() if terms else None)
    return [
        Table(
            path,
            profile,
            said,
            earlier.get(path),
            number if path in earlier else None,
            for_path(terms, path),
            seen,
            limits,
            used.get(path),
            baseline.number if baseline and path in used else None,
        )
        for path, profile in known(version).items()
    ]


def judgements(version: Version, only: Only = None) -> Iterator[Judgement]:
    """By every check, or by some: what none of them looks at is not read."""
    if version.artifact.kind == Kind.MODEL:
        is_whole = only is None or any(QUALITY[name].about == "evidence" for name in only)
        found = evidence(version) if is_whole else told(version)
        yield from of_evidence(found, only)
        yield from of_operation(operated.of_version(version, found), only)
        return
    for table in tables(version):
        yield from of_table(table)
    for stream in streams(version):
        yield from of_stream(stream)
    yield from of_files(gathered.folders(version))
    yield from absent(version)
    if version.artifact.kind == Kind.DATASET:
        yield from of_operation(operated.of_version(version, None))


def streams(version: Version) -> list[Stream]:
    """The schemas of streams in a version, each with those of its path in all earlier versions."""
    rows = CheckResult.objects.filter(check_name="stream_schema", fact__isnull=False)
    now = dict(
        rows.filter(version=version).order_by("file__path").values_list("file__path", "fact")[:MOST_TABLES]
    )
    if not now:
        return []
    earlier = rows.filter(version__artifact=version.artifact_id, version__number__lt=version.number)
    earlier = earlier.filter(version__withdrawn_at=None, file__path__in=list(now))
    before: dict[str, list[tuple[int, Any]]] = {}
    listed = earlier.order_by("-version__number").values_list("file__path", "version__number", "fact")
    for path, number, fact in listed[:MOST_SCHEMAS]:
        before.setdefault(path, []).append((number, fact))
    return [Stream(path, fact, tuple(before.get(path, ()))) for path, fact in now.items() if fact]


def of_stream(stream: Stream) -> Iterator[Judgement]:
    for check, issues, needs in judged(stream):
        yield Judgement(stream.path, check, issues, needs)


LOOKS: list[Callable[[Team], Knowledge]] = []
"""What apps above know of a team: each adds its own when it loads."""


def of_team(team: Team, about: About | None = None, only: Only = None) -> Iterator[Judgement]:
    """By every check, or only by those that look at one thing of it, or by some."""
    looks: list[tuple[About, Callable[[Team], Subject]]] = [
        ("team", partial(estates.estate, only=only)),
        ("operation", operated.of_team),
        *(("knowledge", look) for look in LOOKS),
    ]
    for found in (look(team) for each, look in looks if about in (None, each)):
        for check, issues, needs in judged(found, only):
            yield Judgement(team.slug, check, issues, needs)


def seen_by(check: Quality) -> About:
    """What a check that judges teams looks at."""
    return check.about if check.about in ("operation", "knowledge") else "team"


def of_operation(found: Operation, only: Only = None) -> Iterator[Judgement]:
    for check, issues, needs in judged(found, only):
        yield Judgement(RECORDS, check, issues, needs)


def of_files(found: Folders | None) -> Iterator[Judgement]:
    for check, issues, needs in judged(found) if found else ():
        yield Judgement(FILES, check, issues, needs)


def of_evidence(found: Evidence, only: Only = None) -> Iterator[Judgement]:
    for check, issues, needs in judged(found, only):
        yield Judgement(RECORDS, check, issues, needs)


def evidence(version: Version) -> Evidence:
    """What is declared of a model's training and evaluations, and of the datasets that are named there."""
    found = told(version)
    return replace(
        found,
        opened=opened(version, found.evaluations),
        rarest=rarest(found.trainings),
        before=before(version),
        golden_of_others=dict(golden_of_others(artifact=version.artifact_id, version=version.pk)),
        rivals=tuple(rivals.of(version, trusted.newest(version))),
    )


def told(version: Version) -> Evidence:
    """The same without what is asked beyond the version: what checks of operation see of it."""
    known: dict[str, list[Statement]] = {kind: [] for kind in EVIDENCE}
    for record in standing(version=version.pk):
        known[record.kind].append(Statement(record.pk, record.data, record.dataset_digest))
    declared, trainings = (tuple(known[kind]) for kind in EVIDENCE)
    here = trusted.newest(version)
    golden = tuple(trusted.as_statement(each) for each in here if each.part == GOLDEN)
    found = [trusted.as_statement(each) for each in here if each.part != GOLDEN]
    counting = trusted.outranking(found, declared)
    limits = thresholds_of(version.artifact.team)
    return Evidence(counting, declared, trainings, limits=limits, golden=golden)


def before(version: Version) -> tuple[Statement, ...]:
    """What was evaluated of the model versions that it is derived from."""
    return tuple(each for parent in derived_from(version=version.pk) for each in trusted.evaluated(parent))


@prepared
def golden_of_others(*, artifact: Any, version: Any) -> QuerySet[Evaluation, tuple[str, int]]:
    """What other versions were held against, by digest, and the newest of those versions."""
    rows = Evaluation.objects.done().filter(
        ~Q(version=version), version__artifact=artifact, asked__part=GOLDEN
    )
    listed = rows.order_by().values_list("dataset_digest")
    return listed.annotate(number=Max("version__number"))[:MOST_RECORDS]


@prepared
def derived_from(*, version: Any) -> QuerySet[Version]:
    rows = Version.objects.filter(
        children__version=version,
        children__relation=Link.Relation.DERIVED_FROM,
        artifact__kind=Kind.MODEL,
    )
    return rows.select_related("artifact__team").order_by("pk")[:MOST_BEFORE]


@prepared
def standing(*, version: Any) -> QuerySet[Record]:
    """What stands of its trainings and evaluations, the newest first."""
    rows = Record.objects.filter(version=version, kind__in=EVIDENCE).standing()
    return rows.select_related("by").order_by("-pk")[:MOST_RECORDS]


def opened(version: Version, evaluations: Iterable[Statement]) -> dict[str, int]:
    """How often each of these datasets was a hold-out for any version; what was withdrawn was opened, too. To
    measure here what was declared opens nothing twice."""
    digests = {each.digest for each in evaluations if each.digest}
    return counted(version.artifact_id, digests) if digests else {}


def counted(artifact: int, digests: set[str]) -> dict[str, int]:
    times: dict[tuple[str, int], int] = {}
    for rows in (hold_outs, evaluated_on):
        for digest, key, number in rows(artifact=artifact, digests=digests):
            times[digest, key] = max(number, times.get((digest, key), 0))
    found: dict[str, int] = {}
    for (digest, _), number in times.items():
        found[digest] = found.get(digest, 0) + number
    return found


@prepared
def hold_outs(*, artifact: Any, digests: Any) -> QuerySet[Record, tuple[str, int, int]]:
    rows = Record.objects.filter(
        version__artifact=artifact, kind="evaluation", dataset_digest__in=digests, data__part="hold-out"
    )
    return rows.order_by().values_list("dataset_digest", "version").annotate(times=Count("pk"))


@prepared
def evaluated_on(*, artifact: Any, digests: Any) -> QuerySet[Evaluation, tuple[str, int, int]]:
    rows = Evaluation.objects.done().filter(
        version__artifact=artifact, dataset_digest__in=digests, asked__part="hold-out"
    )
    return rows.order_by().values_list("dataset_digest", "version").annotate(times=Count("pk"))


def rarest(trainings: Iterable[Statement]) -> dict[str, float]:
    """The share of the rarer class of the declared target, by the digest of each dataset that is here."""
    found = {}
    named = {each.digest: str(each.data["dataset"]) for each in trainings if each.digest}
    for digest, label in named.items():
        dataset = dataset_of(label, digest)
        shares = [
            min(share)
            for table in (tables(dataset) if dataset else [])
            if (column := table.column(table.declared.target))
            and (share := classes(column))
            and len(share) == 2
        ]
        if len(shares) == 1:
            found[digest] = shares[0]
    return found


def of_table(table: Table) -> Iterator[Judgement]:
    for check, issues, needs in judged(table):
        yield Judgement(table.path, check, issues, needs)


def absent(version: Version) -> Iterator[Judgement]:
    """Tables that the contract names and that no file of the version is, whether it could be read or not."""
    if version.artifact.kind != Kind.DATASET:
        return
    holds = contract_of(version.artifact)
    paths = list(File.objects.filter(version=version).values_list("path", flat=True)) if holds else []
    lacking = unused(holds.terms, paths) if holds else []
    said = [
        Issue("high", f"No file is {pattern}: the contract asks for that table.", f"table:{pattern}")
        for pattern in lacking
    ]
    yield Judgement(CONTRACT, QUALITY["pipeline_contract"], said, [])
