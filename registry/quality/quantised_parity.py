"""Whether a model that was made from another one, such as by quantising it, is still as good."""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import Issue
from registry.evaluating import Evidence, Statement
from registry.evaluating.figures import named
from registry.quality import Needs, quality
from registry.thresholds import threshold

LOST = threshold(__name__, "lost", 0.01, "how much worse it may be than what it comes from")
SAME = threshold(__name__, "same", 0.99, "which share of answers has to be the same", looser="down")
COMPARED = ("mcc", "balanced_accuracy", "accuracy", "roc_auc", "r2")
ERRORS = ("rmse", "mae")


@quality(
    "Parity with what it comes from",
    "each of MCC, balanced accuracy, accuracy, ROC-AUC and R², evaluated here on the same rows as of the "
    "version that it is derived from: not more than 0.01 lower; RMSE and MAE not more than 1 % larger; over "
    "paired rows the lower end of the 95 % interval of what accuracy changed is above -0.01, and 99 % of the "
    "answers are the same (medium)",
    "Jacob and others 2018, Quantization and training of neural networks; the margin is our own",
    about="evidence",
)
def run(evidence: Evidence) -> Iterator[Issue | Needs]:
    pairs = [
        (each, other)
        for each in evidence.evaluations
        for other in evidence.before
        if each.evaluated and same_rows(each, other)
    ]
    if not pairs:
        yield Needs("evaluations here of this version and of one that it is derived from", page="evaluate")
    for each, other in pairs:
        for name, now, then in worse(each, other, LOST.of(evidence)):
            text = (
                f"{name} is {now:.4g}, and {then:.4g} in the version that it is derived from "
                f"({other.place}): more was lost than a smaller model may lose."
            )
            yield Issue("medium", text, f"{name}:{each.key}", each.place)
        yield from of_rows(each, other, LOST.of(evidence), SAME.of(evidence))


def of_rows(one: Statement, other: Statement, lost: float, same: float) -> Iterator[Issue]:
    """What single rows say, of classes."""
    pair = (one.data.get("paired") or {}).get(other.record)
    if not pair or "agreement" not in pair:
        return
    if pair["low"] <= -lost:
        text = (
            f"Accuracy may be {-pair['low']:.4f} lower than of the version that it is derived from "
            f"({other.place}), by the 95 % interval over paired rows: more rows would tell."
        )
        yield Issue("medium", text, f"interval:{one.key}", one.place)
    if pair["agreement"] < same:
        text = (
            f"{100 * pair['agreement']:.1f} % of its answers are those of the version that it is derived "
            f"from ({other.place}), less than {100 * same:g} %."
        )
        yield Issue("medium", text, f"agreement:{one.key}", one.place)


def same_rows(one: Statement, other: Statement) -> bool:
    keys = ("part", "task", "rows", "positives")
    return one.digest == other.digest and all(one.data.get(key) == other.data.get(key) for key in keys)


def worse(one: Statement, other: Statement, lost: float) -> Iterator[tuple[str, float, float]]:
    now, then = named(one.data), named(other.data)
    for name in (*COMPARED, *ERRORS):
        if name not in now or name not in then:
            continue
        beyond = now[name] > then[name] * (1 + lost) if name in ERRORS else now[name] < then[name] - lost
        if beyond:
            yield name, now[name], then[name]
