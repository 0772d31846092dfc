"""What is known of how a version is run, and of how a team runs what it has, as checks of operation see "
"it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Sum
from django.utils import timezone

from governance.models import Event, Team
from governance.prepared import prepared
from registry.checks import CHECKS, for_kind
from registry.evaluating import Evidence, Statement
from registry.measured import dataset_of, known
from registry.models import Blob, CheckResult, File, Finding, Kind, Link, Record, Version
from registry.models.contracts import contract_of
from registry.models.gates import thresholds_of
from registry.operating import Operation, Served, Stored

MOST_RECORDS = 200  # of a version; it has no more
MOST_OF_A_TEAM = 300
MOST_VERSIONS = 2_000
MOST_EVENTS = 20_000
MOST_SERVED = 3
WAYS_BACK = 2
UNUSED = timedelta(days=90)
READS = ("version.download", "version.preview")


def of_version(version: Version, evidence: Evidence | None) -> Operation:
    """`evidence` of a model: its trainings and evaluations are looked at, too."""
    records = by_kind(standing(version=version.pk))
    kind = Kind(version.artifact.kind).value
    found = evidence or Evidence()
    deployed, cached = "deployment" in records, "load-test" in records
    return Operation(
        "model" if kind == "model" else "dataset",
        timezone.now(),
        records,
        dict(thresholds_of(version.artifact.team)),
        version.digest,
        before=ways_back(version) if deployed else (),
        unsafe=unsafe(version) if deployed else (),
        trainings=found.trainings,
        evaluations=found.evaluations,
        golden=found.golden,
        served=tuple(served(version, records.get("served", ()), found)),
        rows=rows_of(version) if "reconciliation" in records else {},
        fresh=freshness(found) if cached else None,
    )


def of_team(team: Team) -> Operation:
    """Of each artifact, whatever version it was declared of."""
    rows = list(standing_of_team(team=team.pk))
    stored = of_store(team, {str(row.data.get("dataset", "")) for row in rows})
    return Operation("team", timezone.now(), by_kind(rows), dict(thresholds_of(team)), stored=stored)


def by_kind(rows: Iterable[Record]) -> dict[str, tuple[Statement, ...]]:
    """By kind, the newest first. What is read with its artifact says which one it is about."""
    found: dict[str, list[Statement]] = defaultdict(list)
    for row in rows:
        about = row.version.artifact.label if "version" in row._state.fields_cache else ""
        statement = Statement(row.pk, row.data, row.dataset_digest, at=row.at, about=about)
        found[row.kind].append(statement)
    return {kind: tuple(each) for kind, each in found.items()}


@prepared
def standing(*, version: Any) -> QuerySet[Record]:
    return Record.objects.filter(version=version).standing().order_by("-pk")[:MOST_RECORDS]


@prepared
def standing_of_team(*, team: Any) -> QuerySet[Record]:
    rows = Record.objects.filter(version__artifact__team=team, version__artifact__archived_at=None).standing()
    seen = rows.select_related("version__artifact__team").order_by("-pk")
    return seen.defer("version__artifact__search", "version__artifact__description")[:MOST_OF_A_TEAM]


# ------------------------------------------------------------------ what a release needs


def ways_back(version: Version) -> tuple[str, ...]:
    numbers = usable_before(artifact=version.artifact_id, number=version.number)
    return tuple(f"{version.artifact.label}/versions/{number}" for number in numbers)


@prepared
def usable_before(*, artifact: Any, number: Any) -> QuerySet[Version, int]:
    earlier = Version.objects.filter(artifact=artifact, number__lt=number, withdrawn_at=None)
    usable = earlier.exclude(submitted_at=None).order_by("-number")
    return usable.values_list("number", flat=True)[:WAYS_BACK]


def unsafe(version: Version) -> tuple[str, ...] | None:
    """What the checks of bytes found and nobody waived; nothing until all have finished."""
    done = sum(results_done(tuple(CHECKS), version=version.pk))
    if version.is_draft or done < version.file_count * len(for_kind(version.artifact.kind)):
        return None
    found = in_the_way(tuple(CHECKS), version=version.pk)
    return tuple(f"{each.path}: {each.message}" for each in found)


@prepared
def results_done(names: tuple[str, ...], *, version: Any) -> QuerySet[CheckResult, int]:
    """How many there are; nothing when there is none."""
    rows = CheckResult.objects.filter(version=version, outcome="done", check_name__in=names).order_by()
    return rows.values("version").annotate(done=Count("pk")).values_list("done", flat=True)


@prepared
def in_the_way(names: tuple[str, ...], *, version: Any) -> QuerySet[Finding]:
    return Finding.objects.filter(version=version, check_name__in=names).blocking()[:3]


# ------------------------------------------------------------------ what it is served


def served(version: Version, statements: Iterable[Statement], evidence: Evidence) -> Iterator[Served]:
    """The newest ones with the profiles of both sides, as far as both are registered."""
    for statement in list(statements)[:MOST_SERVED]:
        yield one_served(version, statement, evidence)


def one_served(version: Version, statement: Statement, evidence: Evidence) -> Served:
    label = str(statement.data["dataset"])
    dataset = dataset_of(label, statement.digest) if statement.digest else None
    if dataset is None:
        return Served(statement, needs="a record of what was served that names a dataset version here")
    if version.artifact.kind == Kind.DATASET:
        return compared(statement, version, dataset)
    number = statement.data.get("against")
    reference = another(dataset, number) if number else trained_on(version, evidence)
    if reference is None:
        return Served(statement, needs="a training dataset here, or another version of what was served")
    return compared(statement, dataset, reference)


def another(dataset: Version, number: int) -> Version | None:
    frozen = Version.objects.filter(artifact=dataset.artifact_id, number=number).exclude(submitted_at=None)
    return frozen.exclude(pk=dataset.pk).select_related("artifact__team").first()


def trained_on(version: Version, evidence: Evidence) -> Version | None:
    """As its lineage says, else the newest record of training."""
    links = Link.objects.filter(version=version, relation=Link.Relation.TRAINED_ON)
    link = links.select_related("parent__artifact__team").order_by("pk").first()
    if link is not None:
        return link.parent
    named = ((str(each.data["dataset"]), each.digest) for each in evidence.trainings if each.digest)
    return next((found for label, digest in named if (found := dataset_of(label, digest))), None)


def compared(statement: Statement, now: Version, before: Version) -> Served:
    """Tables of the same path; where each side has only one, those two."""
    one, other = known(now), known(before)
    shared = [path for path in one if path in other]
    pairs = [(one[path], other[path]) for path in shared]
    if not pairs and len(one) == len(other) == 1:
        pairs = list(zip(one.values(), other.values(), strict=True))
    lacking = "" if pairs else "tables of the same path on both sides that were measured"
    name = f"{before.artifact.name} {before.number}"
    return Served(statement, tuple(pairs), name, lacking)


# ------------------------------------------------------------------ what is measured or promised here


def rows_of(version: Version) -> dict[str, int]:
    return {path: int(profile["rows"]) for path, profile in known(version).items()}


def freshness(evidence: Evidence) -> float | None:
    """In seconds, the strictest by the contracts of what it was trained on."""
    hours = [
        table["freshness"]["hours"]
        for each in evidence.trainings
        if each.digest
        and (dataset := dataset_of(str(each.data["dataset"]), each.digest))
        and (holds := contract_of(dataset.artifact))
        for table in ((holds.terms or {}).get("tables") or {}).values()
        if table.get("freshness")
    ]
    return min(hours) * 3600 if hours else None


def of_store(team: Team, named: set[str]) -> Stored:
    """Dataset versions of 90 days or more that nothing comes from, no record names and nobody read since."""
    since = timezone.now() - UNUSED
    listed = old_and_free(team=team.pk, since=since)
    read = set(read_since(team=team.slug, since=since))
    unused = [each for each in listed if each.label not in named and each.label not in read]
    return Stored(tuple(each.label for each in unused), sum(each.size for each in unused), again(team))


@prepared
def old_and_free(*, team: Any, since: Any) -> QuerySet[Version]:
    """Dataset versions from before that nothing comes from."""
    old = Version.objects.filter(
        artifact__team=team, artifact__kind=Kind.DATASET, submitted_at__lt=since, artifact__archived_at=None
    )
    free = old.filter(~Exists(Link.objects.filter(parent=OuterRef("pk")))).filter(deleted_at=None)
    return free.select_related("artifact__team").order_by("-size")[:MOST_VERSIONS]


@prepared
def read_since(*, team: Any, since: Any) -> QuerySet[Event, str]:
    events = Event.objects.filter(team=team, action__in=READS, outcome="done", at__gte=since)
    return events.order_by("-pk").values_list("subject", flat=True)[:MOST_EVENTS]


def again(team: Team) -> int:
    """Bytes of contents that more than one file has: Σ size · (copies - 1)."""
    return sum(bytes_of_files(team=team.pk)) - sum(bytes_of_contents(team=team.pk))


@prepared
def bytes_of_files(*, team: Any) -> QuerySet[File, int]:
    rows = File.objects.filter(blob__team=team).order_by().values("blob__team")
    return rows.annotate(all=Sum("blob__size")).values_list("all", flat=True)


@prepared
def bytes_of_contents(*, team: Any) -> QuerySet[Blob, int]:
    """Each once, of those that a file has."""
    used = Blob.objects.filter(Exists(File.objects.filter(blob=OuterRef("pk"))), team=team)
    return used.order_by().values("team").annotate(all=Sum("size")).values_list("all", flat=True)
