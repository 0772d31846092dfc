"""What scores say when one holds them against the answers. Plain numpy, in the table's child.

Definitions are scikit-learn's, which the tests hold them to. Slices are thirty lines here; fairlearn's
MetricFrame would bring pandas for them. What is nothing over nothing is left out: not zero, and not one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from registry.evaluating.figures import of_confusion
from registry.scoring import Result

Array = Any  # of numpy
CURVE = 60
BINS = 10
TINY = 1e-15
FEWEST_OF_A_SLICE = 100


# ------------------------------------------------------------------ two classes


def confusion(truth: Array, said: Array) -> dict[str, int]:
    return {
        "true_positives": int(np.sum(truth & said)),
        "false_positives": int(np.sum(~truth & said)),
        "true_negatives": int(np.sum(~truth & ~said)),
        "false_negatives": int(np.sum(truth & ~said)),
    }


def two_classes(truth: Array, score: Array, threshold: float, *, chances: bool) -> Result:
    """`truth` is true for the positive class, `score` larger for it, a probability when `chances`."""
    said = score >= threshold
    counts = confusion(truth, said)
    metrics = of_confusion(counts)
    found: Result = {"confusion": counts, "positives": int(np.sum(truth))}
    curve = Ranking.of(truth, score)
    if curve.both:
        metrics |= {"roc_auc": curve.roc_auc(), "pr_auc": curve.average_precision()}
        found |= {"roc": curve.roc(), "precision_recall": curve.precision_recall()}
        found["thresholds"] = curve.thresholds()
    if chances:
        metrics |= {
            "log_loss": float(np.mean(losses(truth, score))),
            "brier": float(np.mean((score - truth) ** 2)),
        }
        found["calibration"] = calibration(truth, score)
        metrics["ece"] = expected_error(found["calibration"])
    return {**found, "metrics": metrics}


def losses(truth: Array, chance: Array) -> Array:
    kept = np.clip(chance, TINY, 1 - TINY)
    return -np.where(truth, np.log(kept), np.log1p(-kept))


def calibration(truth: Array, chance: Array) -> list[dict[str, float]]:
    """Ten equal steps of the predicted chance: how many rows, what was predicted, what came."""
    step = np.minimum((chance * BINS).astype(int), BINS - 1)
    rows = np.bincount(step, minlength=BINS)
    predicted = np.bincount(step, weights=chance, minlength=BINS)
    came = np.bincount(step, weights=truth.astype(float), minlength=BINS)
    return [
        {
            "low": place / BINS,
            "high": (place + 1) / BINS,
            "rows": int(rows[place]),
            "predicted": float(predicted[place] / rows[place]),
            "came": float(came[place] / rows[place]),
        }
        for place in range(BINS)
        if rows[place]
    ]


def expected_error(steps: Sequence[Mapping[str, float]]) -> float:
    """Expected calibration error (Naeini and others 2015): the mean distance, by rows."""
    total = sum(step["rows"] for step in steps)
    return float(sum(step["rows"] * abs(step["predicted"] - step["came"]) for step in steps) / total)


class Ranking:
    """Rows by their score, from the highest: how many of each class lie at or above each different score."""

    def __init__(self, scores: Array, hits: Array, misses: Array) -> None:
        self.scores, self.hits, self.misses = scores, hits, misses

    @classmethod
    def of(cls, truth: Array, score: Array) -> Ranking:
        order = np.argsort(-score, kind="stable")
        ordered, right = score[order], truth[order]
        last = np.append(np.flatnonzero(np.diff(ordered)), len(ordered) - 1)
        hits = np.cumsum(right)[last]
        return cls(ordered[last], hits, 1 + last - hits)

    @property
    def both(self) -> bool:
        return bool(self.hits[-1] and self.misses[-1])

    @property
    def recall(self) -> Array:
        return self.hits / self.hits[-1]

    @property
    def alarm(self) -> Array:
        return self.misses / self.misses[-1]

    @property
    def precision(self) -> Array:
        return self.hits / (self.hits + self.misses)

    def roc_auc(self) -> float:
        return float(np.trapezoid(np.append(0, self.recall), np.append(0, self.alarm)))

    def average_precision(self) -> float:
        return float(np.sum(np.diff(np.append(0, self.recall)) * self.precision))

    def roc(self) -> list[list[float]]:
        return points(np.append(0, self.alarm), np.append(0, self.recall))

    def precision_recall(self) -> list[list[float]]:
        return points(self.recall, self.precision)

    def thresholds(self) -> list[dict[str, float]]:
        """What other thresholds would give, at places spread over the different scores."""
        chosen = spread(len(self.scores))
        return [{"threshold": float(self.scores[place]), **within(self, int(place))} for place in chosen]


def within(ranking: Ranking, place: int) -> dict[str, float]:
    tp, fp = int(ranking.hits[place]), int(ranking.misses[place])
    return {
        "true_positives": tp,
        "false_positives": fp,
        "true_negatives": int(ranking.misses[-1]) - fp,
        "false_negatives": int(ranking.hits[-1]) - tp,
    }


def spread(number: int) -> Array:
    """At most so many places, evenly, with both ends."""
    return np.unique(np.linspace(0, number - 1, min(number, CURVE)).round().astype(int))


def points(x: Array, y: Array) -> list[list[float]]:
    """A curve with few enough points to be drawn, its ends among them."""
    return [[round(float(x[place]), 6), round(float(y[place]), 6)] for place in spread(len(x))]


# ------------------------------------------------------------------ several classes


def several(truth: Array, said: Array, chances: Array | None, number: int) -> Result:
    """`truth` and `said` are places of classes; precision, recall and F1 are means over classes."""
    matrix = np.bincount(truth * number + said, minlength=number * number).reshape(number, number)
    found: Result = {"matrix": matrix.tolist(), "metrics": of_matrix(matrix)}
    if chances is not None:
        right = chances[np.arange(len(truth)), truth]
        top = chances.max(axis=1)
        found["metrics"] |= {
            "log_loss": float(np.mean(-np.log(np.clip(right, TINY, 1)))),
            "brier": float(np.mean(np.sum((chances - np.eye(number)[truth]) ** 2, axis=1))),
        }
        found["calibration"] = calibration(truth == said, top)
        found["metrics"]["ece"] = expected_error(found["calibration"])
        areas = [
            ranking.roc_auc()
            for place in range(number)
            if (ranking := Ranking.of(truth == place, chances[:, place])).both
        ]
        if len(areas) == number:
            found["metrics"]["roc_auc"] = float(np.mean(areas))
    return found


def of_matrix(matrix: Array) -> dict[str, float]:
    """MCC of several classes: Gorodkin 2004."""
    total, right = float(matrix.sum()), float(np.trace(matrix))
    came, said, hits = matrix.sum(axis=1), matrix.sum(axis=0), np.diag(matrix)
    there = came > 0
    recall = hits[there] / came[there]
    found = {"accuracy": right / total, "recall": float(np.mean(recall))}
    found["balanced_accuracy"] = found["recall"]
    named = (came + said) > 0
    precision = np.divide(hits, said, out=np.zeros(len(hits)), where=said > 0)
    found["precision"] = float(np.mean(precision[named]))
    found["f1"] = float(np.mean(2 * hits[named] / (came + said)[named]))
    under = np.sqrt(total**2 - float(said @ said)) * np.sqrt(total**2 - float(came @ came))
    if under:
        found["mcc"] = float((right * total - float(said @ came)) / under)
    return found


# ------------------------------------------------------------------ numbers


def numbers(truth: Array, said: Array) -> Result:
    apart = said - truth
    spread_of_truth = float(np.sum((truth - truth.mean()) ** 2))
    metrics = {
        "mae": float(np.mean(np.abs(apart))),
        "rmse": float(np.sqrt(np.mean(apart**2))),
        "pinball_10": pinball(apart, 0.1),
        "pinball_50": pinball(apart, 0.5),
        "pinball_90": pinball(apart, 0.9),
    }
    if spread_of_truth:
        metrics["r2"] = float(1 - np.sum(apart**2) / spread_of_truth)
    return {"metrics": metrics, "residuals": points(*quantiles(apart))}


def pinball(apart: Array, quantile: float) -> float:
    """Koenker and Bassett 1978, of a prediction that is meant as this quantile."""
    return float(np.mean(np.maximum(-quantile * apart, (1 - quantile) * apart)))


def quantiles(values: Array) -> tuple[Array, Array]:
    shares = np.linspace(0, 1, 41)
    return shares, np.quantile(values, shares)


# ------------------------------------------------------------------ baselines, slices


def baseline_of_classes(truth: Array, number: int) -> dict[str, float]:
    """Of always saying how often each class comes: the no-information rate and its kin."""
    share = np.bincount(truth, minlength=number) / len(truth)
    known = share[share > 0]
    brier = 1 - float(np.sum(share**2))
    found = {
        "accuracy": float(share.max()),
        "balanced_accuracy": 1 / len(known),
        "mcc": 0.0,
        "log_loss": float(-np.sum(known * np.log(known))),
        "brier": brier / 2 if number == 2 else brier,
    }
    return found | {"roc_auc": 0.5, "pr_auc": float(share[-1])} if number == 2 else found


def baseline_of_numbers(truth: Array) -> dict[str, float]:
    """Of always saying the mean; the median for the mean absolute error."""
    return {
        "mae": float(np.mean(np.abs(truth - np.median(truth)))),
        "rmse": float(np.std(truth)),
        "r2": 0.0,
        "pinball_50": float(np.mean(np.abs(truth - np.median(truth)))) / 2,
    }


def slices(column: str, values: Array, number: int, truth: Array, said: Array) -> list[Result]:
    """Metrics of each value of a column that holds rows enough: `values` are places of its values. The value
    quotes the table."""
    found = []
    for place, rows in enumerate(np.bincount(values[values >= 0])):
        if rows >= FEWEST_OF_A_SLICE:
            inside = values == place
            metrics = of_slice(truth[inside], said[inside], number)
            found.append({"column": column, "value": place, "rows": int(rows), "metrics": metrics})
    return found


def of_slice(truth: Array, said: Array, number: int) -> dict[str, float]:
    if number == 0:
        return {name: numbers(truth, said)["metrics"][name] for name in ("mae", "rmse")}
    if number == 2:
        return of_confusion(confusion(truth == 1, said == 1))
    matrix = np.bincount(truth * number + said, minlength=number * number).reshape(number, number)
    return of_matrix(matrix)
