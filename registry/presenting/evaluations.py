"""How a model does, as evaluated here and as declared: on which data, with what intervals, and beside
other versions only where the data is the same."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from governance.models import User
from governance.prepared import prepared
from registry import judging
from registry.evaluating.figures import Folds, folds, gap, named, of_confusion
from registry.models import Kind, Record, Version
from registry.presenting import choosing, scored
from registry.presenting.judged import JudgedRow, judged_row
from registry.presenting.parts import role_says_no
from registry.presenting.words import number
from registry.subjects import VERSION

MOST_OTHERS = 200
MOST_METRICS = 50
REGISTERED = re.compile(VERSION)


@dataclass
class MetricRow:
    """A metric as declared, its interval, and what its confusion matrix gives."""

    name: str
    value: str
    interval: str
    given: str


@dataclass
class EvaluationRow:
    record: Record
    dataset: str
    href: str
    """Of the dataset version, when it is registered."""
    facts: list[str]
    metrics: list[MetricRow]


@dataclass
class FoldRow:
    record: Record
    metric: str
    found: Folds
    facts: list[tuple[str, str]]
    folds: list[tuple[str, str, str, str]]


@dataclass
class Beside:
    """One metric of two evaluations on the same data and part of it."""

    metric: str
    old: float | None
    new: float | None
    apart: str

    @property
    def before(self) -> str:
        return number(self.old) if self.old is not None else ""

    @property
    def after(self) -> str:
        return number(self.new) if self.new is not None else ""

    @property
    def change(self) -> str:
        if self.old is None or self.new is None:
            return ""
        return f"{self.new - self.old:+.4g}" if self.new != self.old else "0"


@dataclass
class SameData:
    """Two versions on the same data: `other` is the number of the other one."""

    other: int
    part: str
    digest: str
    rows: list[Beside]


@dataclass
class Others:
    """Other versions that were evaluated on the same data, and the numbers of those that were not."""

    same: list[SameData] = field(default_factory=list)
    not_comparable: list[int] = field(default_factory=list)


def standing(versions: list[Version], person: User) -> list[Record]:
    """Standing evaluations of versions that somebody sees, the newest first."""
    return standing_of(person, versions=[each.pk for each in versions]) if versions else []


@prepared
def standing_of(person: User, *, versions: Any) -> QuerySet[Record]:
    seen = Record.objects.visible_to(person).standing().filter(version__in=versions, kind="evaluation")
    return seen.select_related("by", "version").order_by("-pk")[:MOST_OTHERS]


@prepared
def standing_of_others(person: User, *, artifact: Any, version: Any) -> QuerySet[Record]:
    """Of all versions of the artifact but one."""
    seen = Record.objects.visible_to(person).standing().filter(kind="evaluation", version__artifact=artifact)
    others = seen.filter(~Q(version=version))
    return others.select_related("by", "version").order_by("-pk")[:MOST_OTHERS]


def page(person: User, version: Version) -> dict[str, Any]:
    records = judging.standing(version=version.pk)
    evaluations = [each for each in records if each.kind == "evaluation"]
    return {
        **scored.page(person, version, evaluations),
        "choices": choosing.choices(person, version),
        "evaluates": not role_says_no(person, "version.evaluate", version),
        "evaluations": [evaluation_row(each) for each in evaluations],
        "trainings": [row for each in records if each.kind == "training" if (row := fold_row(each))],
        "judged": judged(version),
        "others": others(person, version, evaluations),
        "declares": not role_says_no(person, "record.add", version),
    }


def datasets(person: User, version: Version) -> list[str]:
    """Labels of dataset versions that a model may be scored on: those that it names, then the newest."""
    seen = Version.objects.visible_to(person).filter(artifact__kind=Kind.DATASET).exclude(submitted_at=None)
    seen = seen.filter(withdrawn_at=None).select_related("artifact__team").order_by("-submitted_at")
    named = list(seen.filter(children__version=version)[:MOST_OTHERS])
    return list(dict.fromkeys(each.label for each in [*named, *seen[:MOST_OTHERS]]))


def judged(version: Version) -> list[JudgedRow]:
    return [judged_row(each) for each in judging.of_evidence(judging.evidence(version))]


def evaluation_row(record: Record) -> EvaluationRow:
    data = record.data
    given = of_confusion(data["confusion"]) if data.get("confusion") else {}
    declared = named(data)
    rows = [metric_row(name, value, data, given) for name, value in data["metrics"].items()]
    rows += [MetricRow(name, "", "", number(value)) for name, value in given.items() if name not in declared]
    label = str(data["dataset"])
    href = f"/{label}/" if REGISTERED.fullmatch(label) and record.dataset_digest else ""
    return EvaluationRow(record, label, href, list(facts(data)), rows[:MOST_METRICS])


def metric_row(name: str, value: float, data: dict[str, Any], given: dict[str, float]) -> MetricRow:
    interval = data.get("intervals", {}).get(name)
    plain = name.strip().lower().replace("-", "_").replace(" ", "_")
    return MetricRow(
        name,
        number(value),
        f"{number(interval[0])} to {number(interval[1])}" if interval else "",
        number(given[plain]) if plain in given else "",
    )


def facts(data: dict[str, Any]) -> Iterable[str]:
    yield data.get("part", "part not said")
    if "rows" in data:
        yield f"{data['rows']:,} rows"
    if "positives" in data:
        yield f"{data['positives']:,} positive"
    yield f"threshold {number(data['threshold'])}" if "threshold" in data else "threshold not said"
    if "confidence" in data and data.get("intervals"):
        yield f"intervals at {100 * data['confidence']:g} %"


def fold_row(record: Record) -> FoldRow | None:
    """Nothing without the scores of two folds."""
    data = record.data
    found = folds(data)
    if found is None:
        return None
    low, high = found.interval
    facts = [
        ("Folds", f"{found.number}"),
        ("Mean", number(found.mean)),
        ("Standard deviation", number(found.deviation)),
        ("95 % interval, corrected", f"{number(low)} to {number(high)} (± {number(found.corrected)})"),
        ("As usually worked out", f"± {number(found.naive)}: too narrow, as training sets overlap"),
    ]
    apart = gap(data)
    facts.append(("Better on the training part by", number(apart) if apart is not None else "not said"))
    if data.get("baseline"):
        facts.append((f"Baseline, {data['baseline']['name']}", number(data["baseline"]["score"])))
    facts.append(("Split", (data.get("split") or {}).get("by", "not said")))
    facts.append(("Seeds", ", ".join(map(str, data["seeds"][:20]))))
    return FoldRow(
        record, data["metric"], found, facts, [fold(each) for each in data["folds"][:MOST_METRICS]]
    )


def fold(each: dict[str, Any]) -> tuple[str, str, str, str]:
    return (
        number(each["score"]),
        number(each["training_score"]) if "training_score" in each else "",
        f"{each['rows']:,}" if "rows" in each else "",
        f"{each['positives']:,}" if "positives" in each else "",
    )


# ------------------------------------------------------------------ beside each other


def others(person: User, version: Version, evaluations: list[Record]) -> Others:
    """The newest evaluation of each other version of the model that one sees."""
    found = Others()
    known: dict[int, list[Record]] = {}
    for record in standing_of_others(person, artifact=version.artifact_id, version=version.pk):
        known.setdefault(record.version.number, []).append(record)
    for other, records in sorted(known.items(), reverse=True):
        same = same_data(records, evaluations, other)
        if same:
            found.same += same
        else:
            found.not_comparable.append(other)
    return found


def same_data(before: Iterable[Record], after: Iterable[Record], other: int) -> list[SameData]:
    """What both were evaluated on, by digest and part: the newest record of each counts."""
    one, two = newest(before), newest(after)
    return [
        SameData(other, key[1] or "part not said", key[0], beside(one[key].data, two[key].data))
        for key in two
        if key in one
    ]


def newest(records: Iterable[Record]) -> dict[tuple[str, str], Record]:
    """By the digest of the data and the part of it; what is not registered is the same as nothing."""
    found: dict[tuple[str, str], Record] = {}
    for record in sorted(records, key=lambda each: -each.pk):
        if record.dataset_digest:
            found.setdefault((record.dataset_digest, record.data.get("part", "")), record)
    return found


def beside(before: dict[str, Any], after: dict[str, Any]) -> list[Beside]:
    old, new = before["metrics"], after["metrics"]
    names = [*new, *(name for name in old if name not in new)][:MOST_METRICS]
    return [one_metric(name, before, after) for name in names]


def one_metric(name: str, before: dict[str, Any], after: dict[str, Any]) -> Beside:
    old, new = before["metrics"].get(name), after["metrics"].get(name)
    both = old is not None and new is not None
    return Beside(name, old, new, apart(name, before, after) if both else "not evaluated in both")


def apart(name: str, before: dict[str, Any], after: dict[str, Any]) -> str:
    """Whether the intervals, where both have one, lie apart."""
    one, other = (data.get("intervals", {}).get(name) for data in (before, after))
    if not one or not other:
        return "no interval in both"
    return "intervals lie apart" if one[1] < other[0] or other[1] < one[0] else "intervals overlap"
