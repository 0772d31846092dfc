"""Two models on the same rows: McNemar's test, and the paired bootstrap of how much better one is.

For the worker, which loads numpy for it; pages read what it found.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from typing import Any

from registry.checks import library
from registry.evaluating.chances import tail
from registry.scoring import CONFIDENCE, GOLDEN, SEED

RESAMPLES = 1000
MOST_CELLS = 200
Kept = Mapping[str, Any]


def paired(one: tuple[Kept, Kept], other: tuple[Kept, Kept]) -> dict[str, Any] | None:
    """What was measured and what was kept of each. None where the rows are not the same, or the question."""
    (measured, kept), (measured_before, kept_before) = one, other
    same = measured.get("task") == measured_before.get("task") and kept["truth"] == kept_before["truth"]
    if measured.get("task") == GOLDEN or not same or not kept["rows"]:
        return None
    numpy = library("numpy")
    truth = unpacked(kept["truth"])
    if measured["task"] == "regression":
        errors = [numpy.abs(unpacked(each["said"]) - truth) for each in (kept_before, kept)]
        return {"metric": "mae", **bootstrapped(errors[1] - errors[0])}
    right, before = (
        correct(found, unpacked(each["said"]), truth)
        for found, each in ((measured, kept), (measured_before, kept_before))
    )
    agreed = decided(measured, unpacked(kept["said"])) == decided(
        measured_before, unpacked(kept_before["said"])
    )
    only, only_before = int((right & ~before).sum()), int((before & ~right).sum())
    return {
        "metric": "accuracy",
        **bootstrapped(right.astype(float) - before.astype(float)),
        "agreement": float(agreed.mean()),
        "only_this": only,
        "only_other": only_before,
        "p": mcnemar(only, only_before),
    }


def unpacked(pieces: list[str]) -> Any:
    return library("numpy").frombuffer(b64decode("".join(pieces)), dtype="<f4")


def correct(measured: Kept, said: Any, truth: Any) -> Any:
    """Which rows are right: by the threshold where a score was kept, else by the class."""
    return decided(measured, said) == truth


def decided(measured: Kept, said: Any) -> Any:
    """The places of classes that were answered."""
    if "threshold" not in measured:
        return said
    positive = measured["positive_place"]
    return library("numpy").where(said >= measured["threshold"], positive, 1 - positive)


def mcnemar(only_this: int, only_other: int) -> float:
    """The exact test over rows that one of the two gets right (McNemar 1947), two-sided."""
    apart = only_this + only_other
    return min(1.0, 2 * tail(max(only_this, only_other), apart, 0.5)) if apart else 1.0


def bootstrapped(differences: Any) -> dict[str, float]:
    """The mean difference, this one minus the other, and its interval over resampled rows; of many different
    values neighbours share a cell."""
    numpy = library("numpy")
    values, counts = numpy.unique(differences, return_counts=True)
    if len(values) > MOST_CELLS:
        parts = numpy.array_split(numpy.sort(differences), MOST_CELLS)
        values, counts = numpy.array([part.mean() for part in parts]), numpy.array([*map(len, parts)])
    random, rows = numpy.random.default_rng(SEED), len(differences)
    means = random.multinomial(rows, counts / rows, size=RESAMPLES) @ values / rows
    side = (1 - CONFIDENCE) / 2
    low, high = numpy.quantile(means, [side, 1 - side])
    return {"difference": float(differences.mean()), "low": float(low), "high": float(high), "rows": rows}
