"""What declared counts give when one works it out: metrics of a confusion matrix, intervals of folds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, sqrt
from typing import Any

from registry.evaluating.chances import t_quantile

CONFIDENCE = 0.95
# One process measures twice the same latency within about this; our own.
ALIKE = 1.10


@dataclass(frozen=True, slots=True)
class Binary:
    """Rows of two classes, and how many are of the rarer one."""

    rows: int
    rarer: int

    @property
    def share(self) -> float:
        return self.rarer / self.rows


def binary(data: dict[str, Any]) -> Binary | None:
    """From the confusion matrix, or from rows and positives; nothing when neither tells."""
    confusion = data.get("confusion")
    if confusion:
        rows = sum(confusion.values())
        positives = confusion["true_positives"] + confusion["false_negatives"]
    else:
        rows, positives = data.get("rows", 0), data.get("positives")
    if not rows or positives is None or positives > rows:
        return None
    return Binary(rows, min(positives, rows - positives))


def of_confusion(confusion: dict[str, int]) -> dict[str, float]:
    """The metrics that the four counts give. What is nothing over nothing is left out: not zero, and not
    one."""
    tp, fp = confusion["true_positives"], confusion["false_positives"]
    tn, fn = confusion["true_negatives"], confusion["false_negatives"]
    product = sqrt(tp + fp) * sqrt(tp + fn) * sqrt(tn + fp) * sqrt(tn + fn)
    parts = {
        "accuracy": (tp + tn, tp + fp + tn + fn),
        "precision": (tp, tp + fp),
        "recall": (tp, tp + fn),
        "specificity": (tn, tn + fp),
        "f1": (2 * tp, 2 * tp + fp + fn),
        "mcc": (tp * tn - fp * fn, product),
    }
    found = {name: over / under for name, (over, under) in parts.items() if under}
    if {"recall", "specificity"} <= found.keys():
        found["balanced_accuracy"] = (found["recall"] + found["specificity"]) / 2
    return found


def named(data: dict[str, Any]) -> dict[str, float]:
    """Its metrics by names in small letters: PR-AUC is pr_auc."""
    return {
        name.strip().lower().replace("-", "_").replace(" ", "_"): value
        for name, value in data["metrics"].items()
    }


@dataclass(frozen=True, slots=True)
class Folds:
    """Scores of held-out folds: their mean and spread, and the 95 % interval of the mean, as it is usually
    worked out and corrected (Nadeau and Bengio 2003): training sets overlap, so folds are no independent
    samples, and √(1/n + test/train) takes the place of √(1/n)."""

    number: int
    mean: float
    deviation: float
    naive: float
    corrected: float

    @property
    def interval(self) -> tuple[float, float]:
        return self.mean - self.corrected, self.mean + self.corrected


def folds(data: dict[str, Any]) -> Folds | None:
    """Nothing for fewer than two. Where rows are not said, one part in k was held out."""
    listed: Sequence[dict[str, Any]] = data.get("folds") or ()
    scores = [fold["score"] for fold in listed]
    if len(scores) < 2 or not all(map(isfinite, scores)):
        return None
    number = len(scores)
    mean = sum(scores) / number
    deviation = sqrt(sum((score - mean) ** 2 for score in scores) / (number - 1))
    reach = t_quantile(CONFIDENCE, number - 1) * deviation
    return Folds(
        number,
        mean,
        deviation,
        reach / sqrt(number),
        reach * sqrt(1 / number + held_out(listed)),
    )


def held_out(listed: Sequence[dict[str, Any]]) -> float:
    """Rows of a fold that were held out for each that was trained on, on average."""
    known = [
        fold["rows"] / fold["training_rows"]
        for fold in listed
        if fold.get("rows") and fold.get("training_rows")
    ]
    if len(known) == len(listed):
        return float(sum(known) / len(known))
    number = parts({"folds": listed})
    return 1 / (number - 1) if number > 1 else 1.0


def parts(data: dict[str, Any]) -> int:
    """Folds of one repetition."""
    listed = data.get("folds") or ()
    return len(listed) // max(1, len({fold.get("repeat", 0) for fold in listed}))


def gap(data: dict[str, Any]) -> float | None:
    """How much better the model is on what it was trained on; nothing where a fold does not say it."""
    listed = data.get("folds") or ()
    if not listed or any("training_score" not in fold for fold in listed):
        return None
    apart = sum(fold["training_score"] - fold["score"] for fold in listed) / len(listed)
    return float(apart if greater_is_better(data) else -apart)


ERRORS = frozenset(
    {"log_loss", "brier", "ece", "mae", "mape", "mse", "rmse", "loss", "error", "error_rate", "fpr", "fnr"}
)


def is_error(name: str) -> bool:
    """Whether less of a metric is better, by its name as `named` writes it."""
    return name in ERRORS or name.startswith("pinball")


def greater_is_better(data: dict[str, Any]) -> bool:
    return bool(data.get("greater_is_better", True))
