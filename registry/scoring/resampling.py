"""Bootstrap intervals (Efron 1979, percentiles) in bounded time.

Rows that say the same are one cell, and how often each cell is drawn is multinomial: that is the bootstrap
over rows, exactly, where the rows of a cell do not differ in what is measured. Of more than 1,000 different
scores, neighbours share a cell and are measured by their mean; the threshold is an edge.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from registry.scoring import CONFIDENCE
from registry.scoring.measuring import TINY, confusion, losses

Array = Any  # of numpy
Intervals = dict[str, list[float]]
RESAMPLES = 500
MOST_CELLS = 1000
FEW_A_CELL = 4
"""Rows for each cell up to which drawing rows is quicker than drawing how often cells come."""


def drawn(counts: Array, random: np.random.Generator) -> Array:
    """How often each cell comes in each resample: a row for each resample, a column for each cell."""
    total, number = int(counts.sum()), len(counts)
    if total > FEW_A_CELL * number:
        return random.multinomial(total, counts / total, size=RESAMPLES).astype(float)
    rows = np.repeat(np.arange(number), counts)[random.integers(0, total, size=(RESAMPLES, total))]
    rows += number * np.arange(RESAMPLES)[:, None]
    found = np.bincount(rows.ravel(), minlength=number * RESAMPLES).astype(float)
    return found.reshape(RESAMPLES, number)


def interval(values: Array) -> list[float] | None:
    known = values[np.isfinite(values)]
    if len(known) < RESAMPLES / 2:
        return None
    side = (1 - CONFIDENCE) / 2
    return [float(end) for end in np.quantile(known, [side, 1 - side])]


def intervals(found: dict[str, Array]) -> Intervals:
    return {name: ends for name, values in found.items() if (ends := interval(values))}


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
    number = int(cell.max()) + 1
    counts = np.bincount(cell + number * truth, minlength=2 * number)
    times = drawn(counts, random)
    misses, hits = times[:, :number], times[:, number:]
    said = np.bincount(cell, weights=score >= threshold, minlength=number) > 0
    tp, fp = hits[:, said].sum(axis=1), misses[:, said].sum(axis=1)
    positive, negative = hits.sum(axis=1), misses.sum(axis=1)
    found = of_counts(tp, fp, negative - fp, positive - tp)
    found |= of_ranks(hits, misses, positive, negative)
    if chances:
        found |= of_chances(cell + number * truth, truth, score, counts, times)
    counted = confusion(truth, score >= threshold)
    return certain(intervals(found), counted)


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
    """The areas: how often a positive lies above a negative; precision over recall, from the highest."""
    below = np.cumsum(misses, axis=1) - misses / 2
    above_hits = np.cumsum(hits[:, ::-1], axis=1)
    above = above_hits + np.cumsum(misses[:, ::-1], axis=1)
    precision = np.divide(above_hits, above, out=np.zeros_like(above), where=above > 0)
    return {
        "roc_auc": ratio((hits * below).sum(axis=1), positive * negative),
        "pr_auc": ratio((hits[:, ::-1] * precision).sum(axis=1), positive),
    }


def of_chances(cell: Array, truth: Array, score: Array, counts: Array, times: Array) -> dict[str, Array]:
    def mean(values: Array) -> Array:
        sums = np.bincount(cell, weights=values, minlength=len(counts))
        each = np.divide(sums, counts, out=np.zeros(len(counts)), where=counts > 0)
        return times @ each / times.sum(axis=1)

    return {"log_loss": mean(losses(truth, score)), "brier": mean((score - truth) ** 2)}


def of_several(matrix: Array, loss: Array | None, random: np.random.Generator) -> Intervals:
    """From the confusion matrix, whose cells are all that these metrics look at."""
    number = len(matrix)
    times = drawn(matrix.ravel(), random).reshape(-1, number, number)
    came, said = times.sum(axis=2), times.sum(axis=1)
    hits, total = np.einsum("rkk->rk", times), times.sum(axis=(1, 2))
    recall = np.nanmean(np.where(came > 0, ratio(hits, came), np.nan), axis=1)
    precision = np.where(said > 0, ratio(hits, said), np.where(came > 0, 0.0, np.nan))
    under = np.sqrt(total**2 - (said**2).sum(axis=1)) * np.sqrt(total**2 - (came**2).sum(axis=1))
    found = {
        "accuracy": hits.sum(axis=1) / total,
        "recall": recall,
        "balanced_accuracy": recall,
        "precision": np.nanmean(precision, axis=1),
        "f1": np.nanmean(ratio(2 * hits, came + said), axis=1),
        "mcc": ratio(hits.sum(axis=1) * total - (said * came).sum(axis=1), under),
    }
    if loss is not None:
        found["log_loss"] = means(loss, random)
    return intervals(found)


def means(values: Array, random: np.random.Generator) -> Array:
    """Resampled means of values, of which neighbours share a cell."""
    cell = cells(values, float(np.median(values)))
    counts = np.bincount(cell)
    each = np.bincount(cell, weights=values) / np.maximum(counts, 1)
    times = drawn(counts, random)
    return times @ each / times.sum(axis=1)


def of_numbers(truth: Array, said: Array, random: np.random.Generator) -> Intervals:
    apart = said - truth
    cell = cells(apart, 0.0)
    counts = np.bincount(cell)
    times = drawn(counts, random)
    total = times.sum(axis=1)

    def mean(values: Array) -> Array:
        return times @ (np.bincount(cell, weights=values) / np.maximum(counts, 1)) / total

    squared, spread = mean(apart**2), mean(truth**2) - mean(truth) ** 2
    return intervals({"mae": mean(np.abs(apart)), "rmse": np.sqrt(squared), "r2": 1 - ratio(squared, spread)})


def log_losses(truth: Array, chances: Array) -> Array:
    return -np.log(np.clip(chances[np.arange(len(truth)), truth], TINY, 1))
