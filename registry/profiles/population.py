"""Whether the parts of a split come from one population: how well the rows of two parts can be told apart.

A classifier that tells them better than chance proves that they differ (Lopez-Paz and Oquab 2017, Revisiting
classifier two-sample tests). Ours is naive Bayes over the columns that differ by more than chance (Langley
and Sage 1994), judged on rows that it has not seen. It sees columns that moved, not how two go together.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from math import log
from typing import Any

from registry.evaluating.chances import chi_square_beyond

MOST_ROWS = 20_000  # of each side
FEWEST_ROWS = 200
MOST_COLUMNS = 200
MOST_PARTS = 10
FOLDS = 5
BINS = 10
MOST_VALUES = 20
SIGNIFICANT = 0.05
NAMED = 3
TRAINING = ("train", "training")

Counts = Counter[tuple[Any, int, int]]
"""Rows by value, fold and side (0 the reference, 1 the part)."""


def populations(polars: Any, sample: Any, declared: dict[str, Any]) -> list[dict[str, Any]]:
    """Of each part of the declared split but the training one: the area under the ROC curve of telling its
    rows from those of the training part, of all others where there is none. Empty when there is no split."""
    split = declared.get("split")
    if not split or split not in sample.columns:
        return []
    names = told_by(polars, sample, {declared.get(key) for key in ("split", "group", "time")})
    part = sample.get_column(split).cast(polars.String).fill_null("(none)").alias(" part")
    parts = sorted(part.unique().to_list())
    if not names or not 1 < len(parts) <= MOST_PARTS:
        return []
    rows = sample.select(names).with_columns(part)
    training = [name for name in parts if name.lower() in TRAINING]
    found = []
    for place, name in enumerate(parts, start=1):
        if name not in training:
            reference = polars.col(" part").is_in(training) if training else polars.col(" part") != name
            sides = [rows.filter(reference), rows.filter(polars.col(" part") == name)]
            found.append({"part": place, **apart(polars, sides, names)})
    return found


def told_by(polars: Any, sample: Any, without: set[Any]) -> list[str]:
    """The columns that may tell parts apart: not those that name a row each, which any split does."""
    return [
        name
        for name, kind in sample.schema.items()
        if name not in without
        and not kind.is_nested()
        and not (kind.is_integer() and sample.get_column(name).n_unique() == sample.height)
    ][:MOST_COLUMNS]


def apart(polars: Any, sides: list[Any], names: list[str]) -> dict[str, Any]:
    """`area` and the columns that tell most; without an area when there are too few rows."""
    if min(side.height for side in sides) < FEWEST_ROWS:
        return {"rows": sides[1].height}
    taken = [
        side.select(names).gather_every(-(-side.height // MOST_ROWS)).with_columns(side=polars.lit(place))
        for place, side in enumerate(sides)
    ]
    both = polars.concat(taken)
    fold = (polars.int_range(polars.len(), dtype=polars.UInt32).hash(1) % FOLDS).alias(" fold")
    coded = both.select(
        polars.col("side").alias(" side"),
        fold,
        *(code(polars, both.get_column(name), taken[0].get_column(name)).alias(name) for name in names),
    )
    counts = {name: counted(coded, name) for name in names}
    areas = [area(polars, coded, counts, number) for number in range(FOLDS)]
    moved = sorted(names, key=lambda name: -instability(counts[name]))
    return {
        "rows": sides[1].height,
        "area": round(sum(areas) / FOLDS, 4),
        "columns": [name for name in moved if differs(counts[name], None)][:NAMED],
    }


def code(polars: Any, values: Any, reference: Any) -> Any:
    """Each value as a small number: the tenth of the reference that it falls into, or its place among the
    most frequent ones; of texts that hardly repeat, their length."""
    if values.dtype.is_temporal():
        values, reference = values.cast(polars.Int64), reference.cast(polars.Int64)
    if not values.dtype.is_numeric():
        values, reference = values.cast(polars.String), reference.cast(polars.String)
        if values.n_unique() <= max(MOST_VALUES, len(values) // 2):
            often = values.value_counts(name="rows").sort("rows", descending=True).head(MOST_VALUES)
            known = often.to_series(0).drop_nulls().to_list()
            return values.replace_strict(
                known, range(1, len(known) + 1), default=0, return_dtype=polars.Int32
            )
        values, reference = values.str.len_chars(), reference.str.len_chars()
    numbers = values.cast(polars.Float64, strict=False).fill_nan(None)
    known = reference.cast(polars.Float64, strict=False).fill_nan(None).drop_nulls()
    if not len(known):
        return values.is_null().cast(polars.Int32)
    cuts = sorted({float(known.quantile(place / BINS)) for place in range(1, BINS)})
    places = polars.Series(cuts).search_sorted(numbers.fill_null(0), side="left").cast(polars.Int32)
    return polars.select(polars.when(numbers.is_null()).then(-1).otherwise(places)).to_series()


def counted(coded: Any, name: str) -> Counts:
    rows = coded.group_by(name, " fold", " side").len().iter_rows()
    return Counter({(value, fold, side): number for value, fold, side, number in rows})


def area(polars: Any, coded: Any, counts: dict[str, Counts], held_out: int) -> float:
    """Of the rows of one fold, by what the others say."""
    telling = [name for name, found in counts.items() if differs(found, held_out)]
    if not telling:
        return 0.5
    rows = coded.filter(polars.col(" fold") == held_out)
    scores = []
    for name in telling:
        odds = log_odds(counts[name], held_out)
        known = list(odds)
        scores.append(polars.col(name).replace_strict(known, [odds[value] for value in known], default=0.0))
    scored = rows.select(polars.sum_horizontal(scores).rank().alias("rank"), " side")
    mine = scored.filter(polars.col(" side") == 1).get_column("rank")
    others = scored.height - len(mine)
    if not len(mine) or not others:
        return 0.5
    return float((mine.mean() - (len(mine) + 1) / 2) / others)


def sides_of(counts: Counts, without: int | None) -> dict[Any, list[int]]:
    """Rows of both sides by value, one fold left out."""
    found: dict[Any, list[int]] = defaultdict(lambda: [0, 0])
    for (value, fold, side), number in counts.items():
        if fold != without:
            found[value][side] += number
    return found


def differs(counts: Counts, without: int | None) -> bool:
    """Whether the values of both sides differ by more than chance (χ²)."""
    rows = sides_of(counts, without)
    totals = [sum(pair[side] for pair in rows.values()) for side in (0, 1)]
    if len(rows) < 2 or not all(totals):
        return False
    chi = 0.0
    for pair in rows.values():
        for side in (0, 1):
            expected = sum(pair) * totals[side] / sum(totals)
            chi += (pair[side] - expected) ** 2 / expected
    return chi_square_beyond(chi, len(rows) - 1) < SIGNIFICANT


def log_odds(counts: Counts, without: int | None) -> dict[Any, float]:
    """How much each value speaks for the part, each counted once more than it is there (Laplace)."""
    rows = sides_of(counts, without)
    totals = [sum(pair[side] for pair in rows.values()) + len(rows) for side in (0, 1)]
    return {
        value: log((pair[1] + 1) / totals[1]) - log((pair[0] + 1) / totals[0]) for value, pair in rows.items()
    }


def instability(counts: Counts) -> float:
    """How far the values of both sides are apart, as PSI has it."""
    rows = sides_of(counts, None)
    totals = [sum(pair[side] for pair in rows.values()) + len(rows) for side in (0, 1)]
    return sum(
        ((pair[1] + 1) / totals[1] - (pair[0] + 1) / totals[0])
        * (log((pair[1] + 1) / totals[1]) - log((pair[0] + 1) / totals[0]))
        for pair in rows.values()
    )
