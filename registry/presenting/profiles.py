"""The page of a profile: what a table looks like, and how far it has moved from the version before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.db.models import QuerySet
from django.utils.safestring import SafeString

from governance.models import User
from governance.prepared import prepared
from governance.templatetags.words import counted, size
from registry import gathered, judging, measured
from registry.models import Version
from registry.models.contracts import contract_of
from registry.presenting import contracts, histograms
from registry.presenting.addresses import of_version
from registry.presenting.judged import JudgedRow, judged_row
from registry.presenting.parts import role_says_no
from registry.presenting.words import number
from registry.profiles.drift import Drift, drifts, in_bins
from registry.quality import Folders, Stream

MOST_TABLES = 50
MOST_COLUMNS = 100
MOST_NAMED = 12
STATES = {"stable": "good", "watch": "warn", "act": "blocked"}

Values = dict[str, Any]


def before(person: User, version: Version) -> Version | None:
    """The frozen version before this one, as far as one sees it."""
    found = seen_before(person, artifact=version.artifact_id, number=version.number)
    return next(iter(found), None)


@prepared
def seen_before(person: User, *, artifact: Any, number: Any) -> QuerySet[Version]:
    seen = Version.objects.visible_to(person).filter(artifact=artifact, number__lt=number, withdrawn_at=None)
    rows = seen.exclude(submitted_at=None).select_related("artifact__team").order_by("-number")
    return rows[:1]


def in_use_before(version: Version, newest: Version | None, person: User) -> Version | None:
    """What production points at, as far as one sees it."""
    found = judging.in_use_before(version, newest)
    return found if found and Version.objects.visible_to(person).filter(pk=found.pk).exists() else None


def baselines(
    version: Version, path: str, newest: Version | None, used: Version | None, other: Version | None
) -> list[Values]:
    """What columns may be held against, where there is a choice."""
    if newest is None or used is None:
        return []
    here = f"{of_version(version, 'profile')}?path={quote(path)}"
    return [
        {"word": f"Version {newest.number}", "href": here, "current": other == newest},
        {
            "word": f"Production, version {used.number}",
            "href": f"{here}&against={judging.PRODUCTION}",
            "current": other == used,
        },
    ]


def drift_rows(now: Values | None, earlier: Values | None) -> list[Drift]:
    if not now or not earlier:
        return []
    return list(drifts(now, earlier))


@dataclass
class ColumnRow:
    """A column in the list: its figures, a small histogram, and what unfolds below it."""

    name: str
    type: str
    missing: str
    share: float
    distinct: str
    spark: SafeString | str
    said: str
    chart: SafeString | str = ""
    facts: list[tuple[str, str]] = field(default_factory=list)
    values: list[tuple[str, str, float]] = field(default_factory=list)
    drift: Drift | None = None
    drift_state: str = ""
    drift_word: str = ""
    personal: str = ""
    other: bool = False


@dataclass
class Table:
    path: str
    facts: list[str]
    columns: list[ColumnRow]
    more: int
    moved: str
    correlation: SafeString | str
    strongest: str
    missing: SafeString | str


def page(person: User, version: Version, path: str, start: int, against: str = "") -> Values:
    """Of one table of a version: the one asked for, else the first one. `against` may be production."""
    tables = measured.profiles(version, MOST_TABLES)
    path = path if path in tables else next(iter(tables), "")
    newest = before(person, version)
    used = in_use_before(version, newest, person) if tables else None
    other = used if used and against == judging.PRODUCTION else newest
    earlier = measured.profiles(other, MOST_TABLES).get(path) if other and path else None
    data = tables.get(path) or {}
    because = data.get("not_evaluated", "")
    return {
        "tables": [
            {"word": each, "href": f"{of_version(version, 'profile')}?path={each}", "current": each == path}
            for each in tables
        ],
        "baselines": baselines(version, path, newest, used, other),
        "path": path,
        "because": because,
        "other": other if earlier else None,
        "table": table(path, data, earlier, other, start) if data and not because else None,
        "older": start + MOST_COLUMNS,
        **(judged(version, path) if data and not because else {}),
        "streams": [stream_row(each) for each in judging.streams(version)],
        "folders": files_page(gathered.folders(version)) if not path else None,
        "declares": not role_says_no(person, "dataset.declare", version.artifact),
    }


@dataclass
class StreamRow:
    """The schema of a stream, its fields, and what is said of it."""

    path: str
    facts: list[str]
    fields: list[list[Any]]
    judged: list[JudgedRow]


def stream_row(stream: Stream) -> StreamRow:
    said = stream.schema
    mode = stream.before[0][1]["mode"] if stream.before else said["mode"]
    facts = [said["form"], counted(len(said["fields"]), "field"), f"Mode: {mode}"]
    facts.append(f"Compared with {counted(len(stream.before), 'version')}")
    judged = [judged_row(each) for each in judging.of_stream(stream)]
    return StreamRow(stream.path, facts, said["fields"][:MOST_COLUMNS], judged)


@dataclass
class FilesPage:
    """What is no table in a version: facts in a line, formats, and the files of each folder."""

    facts: list[str]
    formats: list[tuple[str, str]]
    folders: list[tuple[str, str, float]]
    judged: list[JudgedRow]


def files_page(found: Folders | None) -> FilesPage | None:
    if found is None:
        return None
    most = max(found.folders.values(), default=1)
    facts = [counted(found.files, "file"), size(found.bytes), f"{counted(found.repeated, 'file')} repeated"]
    facts.append(f"{found.unreadable:,} unreadable")
    if found.sides:
        facts.append(f"Sides from {found.sides[0]:,} to {found.sides[1]:,} points")
    if not found.whole:
        facts.append("Of the first 20,000 files")
    rows = [
        (name or "(no folder)", f"{number:,}", 100 * number / most) for name, number in found.folders.items()
    ]
    said = [judged_row(each) for each in judging.of_files(found)]
    return FilesPage(facts, [(name, f"{number:,}") for name, number in found.formats.items()], rows, said)


def judged(version: Version, path: str) -> Values:
    """What the checks of quality say of one table, and what became of its contract."""
    tables = {table.path: table for table in judging.tables(version)}
    found = [judged_row(each) for each in judging.of_table(tables[path])]
    return {"judged": found, "kept": contracts.kept(contract_of(version.artifact), tables[path])}


def table(path: str, data: Values, earlier: Values | None, other: Version | None, start: int) -> Table:
    moved = {row.column: row for row in drift_rows(data, earlier)}
    known = {column["name"]: column for column in (earlier or {}).get("columns", ())}
    shown = data["columns"][start : start + MOST_COLUMNS]
    rows = [
        column_row(column, data["rows"], moved.get(column["name"]), known.get(column["name"]))
        for column in shown
    ]
    return Table(
        path,
        summary(data),
        rows,
        max(0, len(data["columns"]) - start - MOST_COLUMNS),
        moved_sentence(list(moved.values()), other) if earlier else "",
        *correlated(data.get("correlation")),
        lacking(data.get("missing")),
    )


def summary(data: Values) -> list[str]:
    """The table in one line of facts."""
    near, keys = data.get("near") or {}, data.get("keys") or []
    sample = data["sample"]
    said = [counted(data["rows"], "row"), counted(data["width"], "column")]
    said.append(repeated(data))
    if near.get("rows"):
        said.append(f"{counted(near['rows'], 'row')} nearly the same as another")
    said.append(f"Key: {' or '.join(keys)}" if keys else "No column is a key")
    if not sample["whole"]:
        said.append(f"Shapes from a sample of {counted(sample['rows'], 'row')}")
    if data.get("measured"):
        said.append(f"Measured: {data['measured']}")
    return said


def repeated(data: Values) -> str:
    if data["duplicates"] is None:
        return "Repeated rows not counted"
    share = data["duplicates"] / data["rows"] if data["rows"] else 0
    return f"{counted(data['duplicates'], 'row')} repeated ({percent(share)})" if share else "No row repeated"


def percent(share: float) -> str:
    """0 %, < 0.1 %, 12.3 %."""
    return "0 %" if not share else "< 0.1 %" if share < 0.001 else f"{100 * share:.3g} %"


# ------------------------------------------------------------------ columns


def column_row(column: Values, rows: int, moved: Drift | None, known: Values | None) -> ColumnRow:
    share = column["missing"] / rows if rows else 0
    row = ColumnRow(
        name=column["name"],
        type=column["type"],
        missing=percent(share),
        share=round(100 * share, 1),
        distinct=distinct(column.get("distinct")),
        spark=spark(column),
        said=in_short(column),
        facts=facts(column),
        values=values(column),
        personal=personal(column.get("personal")),
        other=bool(known),
    )
    row.chart = chart(column, known if moved and moved.psi is not None else None)
    if moved is not None:
        row.drift = moved
        row.drift_state = STATES.get(moved.state or "", "neutral")
        row.drift_word = "Not evaluated" if moved.psi is None else f"{moved.psi:.3f}"
    return row


def distinct(found: Values | None) -> str:
    if not found:
        return ""
    return f"{found['number']:,}" if found["exact"] else f"about {round_to(found['number'], 3):,}"


def round_to(value: int, digits: int) -> int:
    return int(float(f"{value:.{digits}g}"))


def spark(column: Values) -> SafeString | str:
    counts = bars(column)
    return histograms.spark(counts) if counts else ""


def bars(column: Values) -> list[float]:
    """A histogram of numbers; of texts the most frequent values."""
    if "histogram" in column and (column.get("distinct") or {}).get("number", 99) > 2:
        return list(column["histogram"]["counts"])
    return [count for _, count in (column.get("values") or [])[:MOST_NAMED]]


def in_short(column: Values) -> str:
    """What stands beside the small histogram."""
    if column.get("least") is not None and column.get("most") is not None:
        return f"{figure(column['least'])} to {figure(column['most'])}"
    lengths = column.get("lengths")
    if lengths:
        return f"{lengths['least']:,} to {lengths['most']:,} characters"
    return ""


def figure(value: Any) -> str:
    return number(value) if isinstance(value, int | float) else str(value)[:19]


def facts(column: Values) -> list[tuple[str, str]]:
    outliers = column.get("outliers") or {}
    said = [
        (word, figure(column[key]))
        for key, word in (("mean", "Mean"), ("deviation", "Standard deviation"))
        if column.get(key) is not None
    ]
    points = column.get("quantiles")
    if points:
        middle = [figure(points[round(share * (len(points) - 1))]) for share in (0.05, 0.25, 0.5, 0.75, 0.95)]
        said.append(("5, 25, 50, 75, 95 %", "  ".join(middle)))
    if outliers:
        said.append(("Beyond 1.5 IQR (Tukey)", percent(outliers["tukey"] / outliers["of"])))
        if outliers["robust"] is not None:
            said.append(("Robust z above 3.5 (MAD)", percent(outliers["robust"] / outliers["of"])))
    for key, word in (("not_numbers", "Not a number"), ("infinite", "Infinite")):
        if column.get(key):
            said.append((word, counted(column[key], "row")))
    return said


def values(column: Values) -> list[tuple[str, str, float]]:
    """The most frequent values: each with how many rows hold it and their share in percent."""
    listed = column.get("values") or []
    if "quantiles" in column and (column.get("distinct") or {}).get("number", 99) > MOST_NAMED:
        return []
    total = column.get("held") or 1
    return [(str(value), f"{rows:,}", round(100 * rows / total, 1)) for value, rows in listed[:MOST_NAMED]]


def chart(column: Values, known: Values | None) -> SafeString | str:
    found = column.get("histogram")
    if not found or not column.get("quantiles") or len(found["counts"]) < 2:
        return ""
    low, high, counts = found["from"], found["to"], found["counts"]
    other = None
    if known and known.get("quantiles"):
        edges = [low + (high - low) * place / len(counts) for place in range(1, len(counts))]
        other = in_bins(known, edges)
    title = f"{column['name']} lies between {number(low)} and {number(high)} in 99 % of the rows"
    return histograms.histogram(title, low, high, counts, other)


def personal(found: Values | None) -> str:
    """In words: counts and shapes."""
    return "; ".join(map(kind_of_personal, found["kinds"])) if found else ""


def kind_of_personal(kind: Values) -> str:
    if kind["by"] == "name":
        return f"By its name it holds {kind['word']}"
    return f"{percent(kind['share'])} of the values look like {kind['word']} ({kind['shape']})"


# ------------------------------------------------------------------ together


def moved_sentence(rows: Sequence[Drift], other: Version | None) -> str:
    """What has moved, in one sentence."""
    number_of = other.number if other else "?"
    moved = [row for row in rows if row.state in ("watch", "act")]
    known = [row for row in rows if row.psi is not None]
    if not known:
        return f"Drift against version {number_of} is not evaluated: no column has 1,000 values in both."
    if not moved:
        seen = counted(len(known), "column")
        return f"No column has moved from version {number_of}: every PSI of {seen} is below 0.10."
    worst = max(moved, key=lambda row: row.psi or 0)
    said = f"{counted(len(moved), 'column has', 'columns have')} moved from version {number_of}"
    return f"{said}, {worst.column} most (PSI {worst.psi:.2f})."


def correlated(found: Mapping[str, Any] | None) -> tuple[SafeString | str, str]:
    """The picture of it, and its strongest pair."""
    if not found:
        return "", ""
    columns, below = found["columns"], found["below"]
    pairs = [(one, other) for place, one in enumerate(columns) for other in columns[:place]]
    known = [(abs(value), value, pair) for value, pair in zip(below, pairs, strict=True) if value is not None]
    if not known:
        return "", ""
    _, value, (one, other) = max(known)
    said = f"Strongest: {other} and {one}, {value:+.2f}"
    return histograms.heat(
        f"Rank correlation of {counted(len(columns), 'column')}. {said}.", columns, below
    ), said


def lacking(found: Mapping[str, Any] | None) -> SafeString | str:
    if not found:
        return ""
    title = f"Where {counted(len(found['columns']), 'column')} lack values, from the first row to the last"
    return histograms.missing(title, found["columns"], found["percent"])
