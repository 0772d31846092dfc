"""Versions of a model beside each other, as evaluated on the same rows: which are better by more than chance,
which one is beaten in all that counts, and from which chance on to act when errors have a price."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from governance.models import User
from governance.prepared import prepared
from registry import trusted
from registry.evaluating.figures import ALIKE, is_error
from registry.models import Evaluation, Version
from registry.presenting.scored import in_order, titled
from registry.presenting.words import number
from registry.rivals import QUALITY, between, prices, same_question

MOST_VERSIONS = 20


@dataclass
class Candidate:
    """One version: what it is worth, and what it takes."""

    version: Version
    evaluation: Evaluation
    quality: float
    interval: str
    latency: float
    cost: float | None
    this: bool
    beaten_by: list[int] = field(default_factory=list)

    @property
    def shown(self) -> dict[str, str]:
        return {
            "quality": number(self.quality),
            "latency": f"{number(self.latency)} ms",
            "cost": number(self.cost) if self.cost is not None else "",
            "size": f"{(self.evaluation.measured or {})['model_bytes'] / 1024:,.0f} KiB",
        }


@dataclass
class Pair:
    """This version against another, row by row."""

    number: int
    said: str
    test: str


@dataclass
class Choice:
    """Versions on the same rows. `front` are those that nothing beats."""

    dataset: str
    metric: str
    candidates: list[Candidate]
    pairs: list[Pair]

    @property
    def said(self) -> str:
        beaten = [each for each in self.candidates if each.beaten_by]
        if not beaten:
            return "None is beaten in quality and in what it takes at once."
        return " ".join(
            f"Version {each.version.number} is beaten by version {each.beaten_by[0]}: at least as good, and "
            "it takes no more."
            for each in beaten
        )


def choices(person: User, version: Version) -> list[Choice]:
    """On each data that this version and another one that one sees were evaluated on."""
    mine = trusted.newest(version, person)
    if not mine:
        return []
    digests = [each.dataset_digest for each in mine]
    others = seen_on(person, artifact=version.artifact_id, digests=digests, but=[version.pk])
    costs = prices([version.pk, *(each.version_id for each in others)])
    found = (choice(each, others, costs) for each in mine)
    return [each for each in found if each is not None]


@prepared
def seen_on(person: User, *, artifact: Any, digests: Any, but: Any) -> QuerySet[Evaluation]:
    """The newest of other versions that a person sees, on this data; `but` is never empty."""
    seen = Version.objects.visible_to(person).filter(artifact=artifact, withdrawn_at=None)
    rows = Evaluation.objects.done().filter(version__in=seen, dataset_digest__in=digests)
    others = rows.exclude(version__in=but).select_related("version__artifact__team")
    return others.order_by("-pk")[: 5 * MOST_VERSIONS]


def choice(mine: Evaluation, others: Sequence[Evaluation], costs: Mapping[int, float]) -> Choice | None:
    newest: dict[int, Evaluation] = {}
    for each in others:
        if same_question(mine, each) and each.version_id not in newest and trusted.holds(each):
            newest[each.version_id] = each
    name = next((name for name in QUALITY if name in mine.metrics), "")
    rows = [mine, *(each for each in newest.values() if name in each.metrics)][:MOST_VERSIONS]
    if len(rows) < 2 or not name:
        return None
    candidates = [candidate(each, name, costs, mine) for each in rows]
    judge(candidates, name)
    candidates.sort(key=lambda each: each.version.number)
    return Choice(mine.called, titled(name), candidates, list(pairs(mine, rows[1:])))


def candidate(each: Evaluation, name: str, costs: Mapping[int, float], mine: Evaluation) -> Candidate:
    measured: dict[str, Any] = each.measured or {}
    ends = measured["intervals"].get(name)
    interval = f"{number(ends[0])} to {number(ends[1])}" if ends else ""
    return Candidate(
        each.version,
        each,
        measured["metrics"][name],
        interval,
        measured["row_p95"],
        costs.get(each.version_id),
        each.pk == mine.pk,
    )


def judge(candidates: Sequence[Candidate], name: str) -> None:
    """Who is dominated (Pareto): another one is at least as good, not slower by more than measuring twice
    gives, and no dearer where both have a price; and better in one of them."""
    sign = -1 if is_error(name) else 1
    for one in candidates:
        one.beaten_by = [
            other.version.number for other in candidates if other is not one and beats(other, one, sign)
        ]


def beats(other: Candidate, one: Candidate, sign: int) -> bool:
    better = sign * (other.quality - one.quality)
    priced = other.cost is not None and one.cost is not None
    cheaper = (one.cost or 0) - (other.cost or 0) if priced else 0.0
    if better < 0 or other.latency > one.latency * ALIKE or cheaper < 0:
        return False
    return better > 0 or one.latency > other.latency * ALIKE or cheaper > 0


def pairs(mine: Evaluation, others: Iterable[Evaluation]) -> Iterable[Pair]:
    """What the worker found of each two when the later one was scored."""
    for other in others:
        found, sign = between(mine, other)
        if found is None:
            continue
        low, high = sorted((sign * found["low"], sign * found["high"]))
        apart = "" if low <= 0 <= high else ": more than chance"
        said = (
            f"{titled(found['metric'])} {sign * found['difference']:+.4f} ({low:+.4f} to {high:+.4f}){apart}"
        )
        yield Pair(other.version.number, said, mcnemar(found, sign))


def mcnemar(found: Mapping[str, Any], sign: int) -> str:
    if "p" not in found:
        return ""
    this, other = found["only_this"], found["only_other"]
    if sign < 0:
        this, other = other, this
    return f"right alone on {this:,} rows, the other one on {other:,} (p = {found['p']:.2g})"


@dataclass
class Beside:
    """Two versions that were asked the same on the same rows."""

    dataset: str
    digest: str
    rows: list[tuple[str, str, str, str, str]]
    """Metric, of each with its interval, change, whether the intervals lie apart."""
    pairs: list[Pair]


def both(person: User, before: Version, after: Version) -> list[Beside]:
    """The newest of each question that both were asked."""
    old, new = trusted.newest(before), trusted.newest(after, person)
    found = ((one, next((each for each in old if same_question(one, each)), None)) for one in new)
    return [beside(other, one) for one, other in found if other is not None]


def beside(old: Evaluation, new: Evaluation) -> Beside:
    names = [name for name in in_order(new.metrics) if name in old.metrics]
    rows = [
        (
            titled(name),
            with_interval(old, name),
            with_interval(new, name),
            moved(new.metrics[name] - old.metrics[name]),
            apart(old, new, name),
        )
        for name in names
    ]
    return Beside(new.called, new.dataset_digest, rows, list(pairs(new, [old])))


def moved(by: float) -> str:
    return f"{by:+.4g}" if by else "0"


def ends(each: Evaluation, name: str) -> list[float]:
    return list((each.measured or {})["intervals"].get(name) or ())


def with_interval(each: Evaluation, name: str) -> str:
    found = ends(each, name)
    shown = number(each.metrics[name])
    return f"{shown} ({number(found[0])} to {number(found[1])})" if found else shown


def apart(old: Evaluation, new: Evaluation, name: str) -> str:
    one, other = ends(old, name), ends(new, name)
    if not one or not other:
        return ""
    return "intervals lie apart" if one[1] < other[0] or other[1] < one[0] else "intervals overlap"


# ------------------------------------------------------------------ prices of errors


@dataclass
class Priced:
    """What errors cost: by the rule for calibrated chances, and on the rows that were scored."""

    threshold: str
    rows: list[tuple[str, str, str, str]]


def priced(evaluation: Evaluation, false_positive: float, false_negative: float) -> Priced | None:
    """From which chance on to act: C_FP / (C_FP + C_FN), for calibrated chances (Elkan 2001)."""
    measured: dict[str, Any] = evaluation.measured or {}
    curve = measured.get("thresholds")
    if not curve or not measured.get("chances") or false_positive + false_negative <= 0:
        return None
    best = false_positive / (false_positive + false_negative)
    least = min(curve, key=lambda each: cost(each, false_positive, false_negative))
    at = [("By the rule, from", nearest(curve, best)), ("Cheapest on these rows, from", least)]
    rows = [priced_row(word, each, false_positive, false_negative) for word, each in at]
    now = {"threshold": measured["threshold"], **measured["confusion"]}
    rows.append(priced_row("As evaluated, from", now, false_positive, false_negative))
    return Priced(number(best), rows)


def cost(each: Mapping[str, float], false_positive: float, false_negative: float) -> float:
    return each["false_positives"] * false_positive + each["false_negatives"] * false_negative


def nearest(curve: Sequence[Mapping[str, float]], threshold: float) -> Mapping[str, float]:
    """The lowest score that was kept at or above the threshold; the highest one when none is."""
    above = [each for each in curve if each["threshold"] >= threshold]
    return min(above, key=lambda each: each["threshold"]) if above else curve[0]


def priced_row(
    word: str, each: Mapping[str, float], false_positive: float, false_negative: float
) -> tuple[str, str, str, str]:
    return (
        f"{word} {number(each['threshold'])}",
        f"{each['false_positives']:,}",
        f"{each['false_negatives']:,}",
        number(cost(each, false_positive, false_negative)),
    )
