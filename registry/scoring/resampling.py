"""Bootstrap intervals (Efron 1979, percentiles) in bounded time.

Rows that say the same are one cell, and how often each cell is drawn is multinomial: that is the bootstrap
over rows, exactly, where the rows of a cell do not differ in what is measured. Of more than 1,000 different
scores, neighbours share a cell and are measured by their mean; the threshold is an edge.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from registry.scoring import CONFIDENCE
from registry.scoring.measuring import TINY, confusion, losses

Array = Any  # of numpy
Intervals = dict[str, list[float]]
RESAMPLES = 500
MOST_CELLS = 1000
MOST_AT_ONCE = 1 << 14
FEW_A_CELL = 4
"""Rows for each cell up to which drawing rows is quicker than drawing how often cells come."""


def drawn(counts: Array, random: np.random.Generator) -> Iterator[Array]:
    """How often each cell comes in each resample, in batches that stay in the processor's cache: a row for
    each resample, a column for each cell."""
    most = max(MOST_AT_ONCE // len(counts), 1)
    for first in range(0, RESAMPLES, most):
        yield of_batch(counts, min(most, RESAMPLES - first), random)


def of_batch(counts: Array, resamples: int, random: np.random.Generator) -> Array:
    total, number = int(counts.sum()), len(counts)
    if total > FEW_A_CELL * number:
        return random.multinomial(total, counts / total, size=resamples).astype(float)
    rows = np.repeat(np.arange(number), counts)[random.integers(0, total, size=(resamples, total))]
    rows += number * np.arange(resamples)[:, None]
    found = np.bincount(rows.ravel(), minlength=number * resamples).astype(float)
    return found.reshape(resamples, number)


def together(batches: Iterable[dict[str, Array]]) -> dict[str, Array]:
    """What was measured of each resample, of all batches."""
    parts = list(batches)
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def intervals(found: dict[str, Array]) -> Intervals:
    """Of what at least half of the resamples have; those that have it everywhere at once."""
    side = (1 - CONFIDENCE) / 2
    whole = [name for name, values in found.items() if np.isfinite(values).all()]
    ends = np.quantile([found[name] for name in whole], [side, 1 - side], axis=1).T if whole else ()
    known = dict(zip(whole, ends, strict=True))
    for name, values in found.items():
        finite = values[np.isfinite(values)]
        if name not in known and len(finite) >= RESAMPLES / 2:
            known[name] = np.quantile(finite, [side, 1 - side])
    return {name: [float(end) for end in known[name]] for name in found if name in known}


def ratio(over: Array, under: Array) -> Array:
    return np.divide(over, under, out=np.full(np.shape(over), np.nan), where=under != 0)


def cells(score: Array, threshold: float) -> Array:
    """The cell of each row, by its score, from the lowest."""
    different = np.unique(score)
    if len(different) <= MOST_CELLS:
        return np.searchsorted(different, score)
    edges = np.unique(np.append(np.quantile(score, np.linspace(0, 1, MOST_CELLS)[1:-1]), threshold))
    return np.searchsorted(edges, score, side="right")


def of_two_classes(
    truth: Array, score: Array, threshold: float, *, chances: bool, random: np.random.Generator
) -> Intervals:
    cell = cells(score, threshold)
    cell = cell.max() - cell
    number = int(cell.max()) + 1
    counts = np.bincount(cell + number * truth, minlength=2 * number)
    said = (np.bincount(cell, weights=score >= threshold, minlength=number) > 0).astype(float)
    means = of_chances(cell + number * truth, truth, score, counts) if chances else {}

    def measured(times: Array) -> dict[str, Array]:
        misses, hits = times[:, :number], times[:, number:]
        tp, fp = hits @ said, misses @ said
        positive, negative = hits.sum(axis=1), misses.sum(axis=1)
        found = of_counts(tp, fp, negative - fp, positive - tp) | of_ranks(hits, misses, positive, negative)
        return found | {name: times @ mean / len(truth) for name, mean in means.items()}

    counted = confusion(truth, score >= threshold)
    return certain(intervals(together(map(measured, drawn(counts, random)))), counted)


def certain(found: Intervals, counts: dict[str, int]) -> Intervals:
    """Where no row is wrong, no resample is either, which would promise too much: there the exact interval
    of so many rows (Clopper and Pearson 1934)."""
    tp, fp, tn, fn = counts.values()
    for name, right, wrong in (
        *(("precision", tp, fp), ("recall", tp, fn), ("specificity", tn, fp)),
        ("accuracy", tp + tn, fp + fn),
    ):
        if name in found and 0 in {right, wrong}:
            end = ((1 - CONFIDENCE) / 2) ** (1 / (right + wrong))
            found[name] = [end, 1.0] if right else [0.0, 1 - end]
    return found


def of_counts(tp: Array, fp: Array, tn: Array, fn: Array) -> dict[str, Array]:
    recall, specificity = ratio(tp, tp + fn), ratio(tn, tn + fp)
    under = np.sqrt(tp + fp) * np.sqrt(tp + fn) * np.sqrt(tn + fp) * np.sqrt(tn + fn)
    return {
        "accuracy": ratio(tp + tn, tp + fp + tn + fn),
        "precision": ratio(tp, tp + fp),
        "recall": recall,
        "specificity": specificity,
        "f1": ratio(2 * tp, 2 * tp + fp + fn),
        "mcc": ratio(tp * tn - fp * fn, under),
        "balanced_accuracy": (recall + specificity) / 2,
    }


def of_ranks(hits: Array, misses: Array, positive: Array, negative: Array) -> dict[str, Array]:
    """The areas, of cells from the highest: how often a positive lies above a negative; precision over
    recall."""
    above = np.cumsum(hits, axis=1)
    precision = above / np.maximum(above + np.cumsum(misses, axis=1), 1)
    return {
        "roc_auc": ratio(np.einsum("rk,rk->r", misses, above - hits / 2), positive * negative),
        "pr_auc": ratio(np.einsum("rk,rk->r", hits, precision), positive),
    }


def of_chances(cell: Array, truth: Array, score: Array, counts: Array) -> dict[str, Array]:
    """What each cell has in the mean."""
    values = {"log_loss": losses(truth, score), "brier": (score - truth) ** 2}
    return {name: mean_of(cell, each, counts) for name, each in values.items()}


def mean_of(cell: Array, values: Array, counts: Array) -> Array:
    return np.bincount(cell, weights=values, minlength=len(counts)) / np.maximum(counts, 1)


def of_several(matrix: Array, loss: Array | None, random: np.random.Generator) -> Intervals:
    """From the confusion matrix, whose cells are all that these metrics look at."""
    found = together(of_matrices(times.reshape(-1, *matrix.shape)) for times in drawn(matrix.ravel(), random))
    if loss is not None:
        found["log_loss"] = means(loss, random)
    return intervals(found)


def of_matrices(times: Array) -> dict[str, Array]:
    came, said = times.sum(axis=2), times.sum(axis=1)
    hits, total = np.einsum("rkk->rk", times), times.sum(axis=(1, 2))
    recall = np.nanmean(np.where(came > 0, ratio(hits, came), np.nan), axis=1)
    precision = np.where(said > 0, ratio(hits, said), np.where(came > 0, 0.0, np.nan))
    under = np.sqrt(total**2 - (said**2).sum(axis=1)) * np.sqrt(total**2 - (came**2).sum(axis=1))
    return {
        "accuracy": hits.sum(axis=1) / total,
        "recall": recall,
        "balanced_accuracy": recall,
        "precision": np.nanmean(precision, axis=1),
        "f1": np.nanmean(ratio(2 * hits, came + said), axis=1),
        "mcc": ratio(hits.sum(axis=1) * total - (said * came).sum(axis=1), under),
    }


def means(values: Array, random: np.random.Generator) -> Array:
    """Resampled means of values, of which neighbours share a cell."""
    cell = cells(values, float(np.median(values)))
    counts = np.bincount(cell)
    mean = mean_of(cell, values, counts)
    return np.concatenate([times @ mean for times in drawn(counts, random)]) / len(values)


def of_numbers(truth: Array, said: Array, random: np.random.Generator) -> Intervals:
    apart = said - truth
    cell = cells(apart, 0.0)
    counts = np.bincount(cell)
    values = (np.abs(apart), apart**2, truth, truth**2)
    each = np.column_stack([mean_of(cell, of, counts) for of in values])
    mean = np.concatenate([times @ each for times in drawn(counts, random)]).T / len(truth)
    absolute, squared, middle, second = mean
    r2 = 1 - ratio(squared, second - middle**2)
    return intervals({"mae": absolute, "rmse": np.sqrt(squared), "r2": r2})


def log_losses(truth: Array, chances: Array) -> Array:
    return -np.log(np.clip(chances[np.arange(len(truth)), truth], TINY, 1))
