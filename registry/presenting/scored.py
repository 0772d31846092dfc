"""What was evaluated here: asked for, running, failed or measured, and beside it what is declared on the same
data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.safestring import SafeString

from governance.models import User
from governance.prepared import prepared
from registry import evaluations, trusted
from registry.evaluating.figures import is_error, named
from registry.models import Evaluation, Record, Version
from registry.presenting import curves
from registry.presenting.words import number
from registry.scoring import formats

MOST_SHOWN, MOST_LISTED = 3, 30
WHY_HIDDEN = "It failed; why is told to who sees the dataset."
# What is read first stands first.
ORDER = (
    *("mcc", "pr_auc", "roc_auc", "f1", "recall", "precision", "specificity", "balanced_accuracy"),
    *("accuracy", "log_loss", "brier", "ece", "r2", "rmse", "mae", "pinball_10", "pinball_50", "pinball_90"),
    *("largest_difference", "mean_difference"),
)
TITLES = {
    "mcc": "MCC",
    "f1": "F1",
    "roc_auc": "ROC-AUC",
    "pr_auc": "PR-AUC",
    "ece": "Calibration error (ECE)",
    "mae": "MAE",
    "rmse": "RMSE",
    "r2": "R²",
    "pinball_10": "Pinball, 10 %",
    "pinball_50": "Pinball, 50 %",
    "pinball_90": "Pinball, 90 %",
}


@dataclass
class MetricRow:
    """Measured here, its interval, what always saying the same gives, and what is declared."""

    name: str
    value: str
    interval: str
    baseline: str
    declared: str
    differs: bool


@dataclass
class Figure:
    name: str
    about: str
    drawn: SafeString


@dataclass
class SliceRow:
    name: str
    rows: str
    metrics: str
    worst: bool


@dataclass
class ScoredRow:
    evaluation: Evaluation
    href: str
    """Of the dataset version, for who sees it."""
    state: str
    word: str
    error: str = ""
    facts: list[str] = field(default_factory=list)
    metrics: list[MetricRow] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    slices: list[SliceRow] = field(default_factory=list)
    slices_hidden: bool = False
    speed: list[tuple[str, str]] = field(default_factory=list)
    about: list[tuple[str, str]] = field(default_factory=list)


def page(person: User, version: Version, declared: Sequence[Record]) -> dict[str, Any]:
    """The newest on each table in full, the others on a line each."""
    rows = asked_of(person, version=version.pk)
    first = {row.pk for row in foremost(rows)}
    return {
        "scored": [full(row, declared) for row in rows if row.pk in first],
        "scored_before": [brief(row) for row in rows if row.pk not in first],
        "unloadable": not any(map(formats.is_model, version.files.values_list("path", flat=True)[:1000])),
        "waits": any(row.finished_at is None for row in rows),
    }


@prepared
def asked_of(person: User, *, version: Any) -> QuerySet[Evaluation]:
    asked = Evaluation.objects.told_to(person).filter(version=version)
    return asked.select_related("by", "version__artifact__team").order_by("-pk")[:MOST_LISTED]


def foremost(rows: Iterable[Evaluation]) -> list[Evaluation]:
    """What waits, and of what has ended the newest of each table and part."""
    found: dict[object, Evaluation] = {}
    for row in rows:
        key = row.pk if row.finished_at is None else (row.dataset_digest, row.table_path, row.part)
        found.setdefault(key, row)
    return list(found.values())[:MOST_SHOWN]


def brief(row: Evaluation) -> ScoredRow:
    state, word = standing(row)
    href = f"/{row.dataset_label}/" if row.seen else ""
    error = row.error if row.seen or not row.error else WHY_HIDDEN
    return ScoredRow(row, href, state, word, error, facts=list(facts(row)))


def standing(row: Evaluation) -> tuple[str, str]:
    if row.finished_at is None:
        return ("running", "Running") if row.started_at else ("info", "Waits")
    if row.outcome == "failed":
        return "blocked", "Failed"
    return ("good", "Evaluated") if trusted.holds(row) else ("blocked", "Does not match its signature")


def full(row: Evaluation, declared: Sequence[Record]) -> ScoredRow:
    found = brief(row)
    if found.word != "Evaluated":
        return found
    measured: dict[str, Any] = row.measured or {}
    sealed = evaluations.unsealed(row) if row.seen else {}
    found.metrics = list(metrics(measured, beside(row, declared)))
    found.figures = list(figures(measured, sealed.get("labels") or ()))
    found.slices = slices(measured, sealed.get("slices") or ())
    found.slices_hidden = bool(measured.get("slices")) and not row.seen
    found.speed = list(speed(measured))
    found.about = list(about(row, measured))
    return found


def beside(row: Evaluation, declared: Sequence[Record]) -> dict[str, float]:
    """Metrics of the newest record on the same data."""
    same = (each for each in declared if each.kind == "evaluation" and each.dataset_digest)
    return next((named(each.data) for each in same if each.dataset_digest == row.dataset_digest), {})


def facts(row: Evaluation) -> Iterable[str]:
    measured: dict[str, Any] = row.measured or {}
    yield row.part
    if row.seen:
        yield f"target {row.asked['target']}"
    if row.seen and row.asked.get("only"):
        yield f"only {row.asked['split']} = {row.asked['only']}"
    if row.finished_at is None and row.rows:
        yield f"{row.rows:,} rows so far"
    if "rows" in measured:
        yield f"{measured['rows']:,} rows"
    if "positives" in measured:
        yield f"{measured['positives']:,} positive"
    if "threshold" in measured:
        yield f"threshold {number(measured['threshold'])}"
    if measured.get("left_out"):
        yield f"{measured['left_out']:,} rows left out"


def metrics(measured: Mapping[str, Any], declared: Mapping[str, float]) -> Iterable[MetricRow]:
    intervals, baseline = measured.get("intervals", {}), measured.get("baseline", {})
    for name in in_order(measured["metrics"]):
        value = measured["metrics"][name]
        ends = intervals.get(name)
        said = declared.get(name)
        yield MetricRow(
            titled(name),
            number(value),
            f"{number(ends[0])} to {number(ends[1])}" if ends else "",
            number(baseline[name]) if name in baseline else "",
            number(said) if said is not None else "",
            said is not None and abs(said - value) > 0.005 * max(1.0, abs(value)),
        )


def titled(name: str) -> str:
    return TITLES.get(name, name.replace("_", " ").capitalize())


def in_order(found: Mapping[str, float]) -> list[str]:
    return sorted(found, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))


def figures(measured: Mapping[str, Any], labels: Sequence[str]) -> Iterable[Figure]:
    found = measured["metrics"]
    if "roc" in measured:
        title = f"ROC curve: area {number(found['roc_auc'])}."
        drawn = curves.curve(title, "false alarms, share of negatives", measured["roc"], [(0, 0), (1, 1)])
        yield Figure("ROC", f"recall over false alarms, area {number(found['roc_auc'])}", drawn)
        share = measured["positives"] / measured["rows"]
        title = f"Precision over recall: average precision {number(found['pr_auc'])}."
        line = [(0, share), (1, share)]
        drawn = curves.curve(title, "recall", measured["precision_recall"], line)
        yield Figure("Precision and recall", f"average precision {number(found['pr_auc'])}", drawn)
    if "calibration" in measured:
        title = f"Calibration: predicted chances are off by {number(found['ece'])} on average."
        drawn = curves.reliability(title, measured["calibration"])
        yield Figure("Calibration", f"what came, off by {found['ece']:.3f}", drawn)
    if matrix := as_matrix(measured):
        title = f"Confusion: {sum(row[place] for place, row in enumerate(matrix)):,} rows are right."
        names = list(labels) or [str(place + 1) for place in range(len(matrix))]
        if measured.get("positive_place") == 0:
            names.reverse()
        yield Figure("Confusion", "rows came, columns were said", curves.confusion(title, names, matrix))


def as_matrix(measured: Mapping[str, Any]) -> list[list[int]]:
    counts = measured.get("confusion")
    if counts:
        return [
            [counts["true_negatives"], counts["false_positives"]],
            [counts["false_negatives"], counts["true_positives"]],
        ]
    return list(measured.get("matrix") or ())


def slices(measured: Mapping[str, Any], values: Sequence[str]) -> list[SliceRow]:
    """The worst first, by what tells most: recall of two classes, else accuracy, else RMSE."""
    rows = measured.get("slices") or ()
    if not rows or len(values) != len(rows):
        return []
    name = next(each for each in ("mcc", "accuracy", "rmse", "mae") if each in measured["metrics"])
    sign = -1 if is_error(name) else 1
    kept = sorted(
        zip(rows, values, strict=True), key=lambda pair: sign * pair[0]["metrics"].get(name, float("inf"))
    )
    return [
        SliceRow(
            f"{row['column']} = {value}",
            f"{row['rows']:,}",
            ", ".join(f"{titled(key)} {number(row['metrics'][key])}" for key in in_order(row["metrics"])),
            place == 0,
        )
        for place, (row, value) in enumerate(kept)
    ]


def speed(measured: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    yield "One row, p50", f"{number(measured['row_p50'])} ms"
    yield "One row, p95", f"{number(measured['row_p95'])} ms"
    yield "A batch, p50", f"{number(measured['batch_p50'])} ms"
    yield "Time to load", f"{number(measured['load_seconds'])} s"
    yield "Memory", f"{measured['memory'] / (1 << 20):,.1f} MiB"
    yield "Size of the file", f"{measured['model_bytes'] / (1 << 10):,.1f} KiB"


def about(row: Evaluation, measured: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    yield "Model", f"{row.model_path}, SHA-256 {row.model_sha256[:16]}"
    table = f"{row.table_path}, " if row.seen else ""
    yield "Table", f"{table}SHA-256 {row.table_sha256[:16]}"
    libraries = measured.get("libraries", {})
    yield "Libraries", ", ".join(f"{name} {version}" for name, version in libraries.items())
    if measured.get("made_with"):
        yield "Written by", written_by(measured["made_with"])
    share = f"{100 * measured['confidence']:g} %"
    yield "Intervals", f"{share}, {measured['resamples']} resamples, seed {measured['seed']}"
    yield "Signature", "by this server's key, over model, data, question and figures"


def written_by(said: str) -> str:
    """Evaluations before other formats were loaded say the version of scikit-learn alone."""
    return f"scikit-learn {said}" if said[:1].isdigit() else said
