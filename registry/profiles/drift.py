"""How far a column has moved from its reference: the PSI of two profiles. Needs no library.

PSI = Σ (aᵢ - eᵢ) ln(aᵢ / eᵢ) over ten bins of the reference's quantiles, shares of less than 1e-4 taken for
1e-4; for texts over the values that both name, and one bin for all others. Below 0.10 stable, to 0.25 watch,
above act: the convention of credit scoring (R's scorecard::perf_psi, MathWorks' populationStabilityIndex).
It needs 1,000 rows on both sides: two samples of 100 from one distribution differ by 0.19 on average. No
p-value decides: at 100,000 rows a shift of 0.02 standard deviations is "significant" and means nothing.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from math import log
from typing import Any, Literal

BINS = 10
LEAST_SHARE = 1e-4
FEWEST_ROWS = 1_000
WATCH, ACT = 0.10, 0.25

Column = dict[str, Any]
State = Literal["stable", "watch", "act"]


@dataclass(frozen=True, slots=True)
class Drift:
    """Of one column: its PSI, or a sentence that says what it needs."""

    column: str
    psi: float | None = None
    needs: str = ""

    @property
    def state(self) -> State | None:
        if self.psi is None:
            return None
        return "stable" if self.psi < WATCH else "watch" if self.psi <= ACT else "act"


def drifts(now: dict[str, Any], before: dict[str, Any]) -> Iterator[Drift]:
    """Of every column that both have, in the order of the newer one."""
    known = {column["name"]: column for column in before.get("columns", ())}
    for column in now.get("columns", ()):
        if column["name"] in known:
            yield drift(column, known[column["name"]])


def drift(now: Column, before: Column) -> Drift:
    name = now["name"]
    if "time" in now["type"] or now["type"] == "date":
        return Drift(name, needs="something else than time, which always moves on")
    if tells_rows_apart(now) and tells_rows_apart(before):
        return Drift(name, needs="values that come again: this column tells rows apart")
    fewest = min(held(now), held(before))
    if fewest < FEWEST_ROWS:
        return Drift(name, needs=f"{FEWEST_ROWS:,} values in both versions, one has {fewest:,}")
    pair = shares(now, before)
    if pair is None:
        return Drift(name, needs="numbers, or texts of few different values, in both versions")
    return Drift(name, round(psi(*pair), 4))


def tells_rows_apart(column: Column) -> bool:
    """Whether hardly any two rows have the same: an identifier, unless it is measured."""
    number = (column.get("distinct") or {}).get("number", 0)
    return column["type"] in ("integer", "text") and number >= 0.95 * max(1, held(column))


def held(column: Column) -> int:
    """How many values it has: of numbers the finite ones."""
    return int(column.get("held", 0))


def psi(actual: list[float], expected: list[float]) -> float:
    pairs = [(max(a, LEAST_SHARE), max(e, LEAST_SHARE)) for a, e in zip(actual, expected, strict=True)]
    return sum((a - e) * log(a / e) for a, e in pairs)


def shares(now: Column, before: Column) -> tuple[list[float], list[float]] | None:
    """The shares of both in the bins of the reference; nothing when they cannot be compared."""
    if before.get("quantiles") and now.get("quantiles"):
        edges = sorted(set(deciles(before)))
        return in_bins(now, edges), in_bins(before, edges)
    if "values" in before and "values" in now and "quantiles" not in before and "quantiles" not in now:
        return of_values(now, before)
    return None


def deciles(column: Column) -> list[float]:
    points = column["quantiles"]
    return [points[round(step * (len(points) - 1) / BINS)] for step in range(1, BINS)]


def in_bins(column: Column, edges: list[float]) -> list[float]:
    """The shares up to the first edge, between two and beyond the last."""
    upto = [0.0, *(share_upto(column, edge) for edge in edges), 1.0]
    return [high - low for low, high in itertools.pairwise(upto)]


def share_upto(column: Column, edge: float) -> float:
    """The share of the values that are at most this: counted where all values are known by number, and
    otherwise between two of the quantiles."""
    values, total = column.get("values"), column["held"]
    if values is not None and not column.get("other_values"):
        return float(sum(rows for value, rows in values if value <= edge) / total)
    points = column["quantiles"]
    place = bisect_right(points, edge)
    if place in (0, len(points)):
        return float(place > 0)
    low, high = points[place - 1], points[place]
    return float((place - 1 + (edge - low) / (high - low)) / (len(points) - 1))


def of_values(now: Column, before: Column) -> tuple[list[float], list[float]]:
    one, other = dict(map(tuple, now["values"])), dict(map(tuple, before["values"]))
    known = sorted({*one, *other}, key=str)
    return with_rest(one, known, now["held"]), with_rest(other, known, before["held"])


def with_rest(counts: dict[Any, int], known: list[Any], total: int) -> list[float]:
    listed = [counts.get(value, 0) / total for value in known]
    return [*listed, max(0.0, 1 - sum(listed))]
