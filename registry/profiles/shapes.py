"""What a sample of rows tells about the shape of a column, and of two together."""

from __future__ import annotations

from typing import Any

BARS = 24
TAIL = 0.005  # on each side: what lies beyond is counted into the outermost bar
POINTS = 200  # of the distribution, from the smallest to the largest
MOST_POINTS = 40_000  # in all
TUKEY = 1.5
ROBUST = 3.5
MOST_CORRELATED = 40
MOST_RANKED = 50_000


def of_numbers(polars: Any, values: Any, width: int) -> dict[str, Any]:
    """Quantiles, histogram and outliers of the finite values of a column."""
    values = values.drop_nulls().cast(polars.Float64, strict=False)
    values = values.filter(values.is_finite()).sort()
    if not len(values):
        return {}
    steps = min(POINTS, max(20, MOST_POINTS // max(1, width) // 20 * 20))
    quantiles = [at(values, step / steps) for step in range(steps + 1)]
    return {
        "quantiles": quantiles,
        "histogram": histogram(values),
        "outliers": {"tukey": tukey(values), "robust": robust(values), "of": len(values)},
    }


def at(values: Any, share: float) -> float:
    """A quantile of sorted values, between two of them by their distance (type 7 of Hyndman and Fan 1996)."""
    place = share * (len(values) - 1)
    low = int(place)
    one, other = float(values[low]), float(values[min(low + 1, len(values) - 1)])
    return one + (other - one) * (place - low) if one != other else one


def histogram(values: Any) -> dict[str, Any]:
    low, high = at(values, TAIL), at(values, 1 - TAIL)
    if not low < high or (high - low) / BARS in (0.0, float("inf")):
        return {"from": low, "to": high, "counts": [len(values)]}
    place = ((values - low) / (high - low) * BARS).floor().clip(0, BARS - 1)
    found = dict(place.value_counts(name="rows").iter_rows())
    return {"from": low, "to": high, "counts": [int(found.get(float(bar), 0)) for bar in range(BARS)]}


def tukey(values: Any) -> int:
    """Beyond 1.5 times the distance of the quartiles (Tukey 1977, Exploratory Data Analysis)."""
    low, high = at(values, 0.25), at(values, 0.75)
    reach = TUKEY * (high - low)
    return int(((values < low - reach) | (values > high + reach)).sum())


def robust(values: Any) -> int | None:
    """|0.6745 (x - median) / MAD| > 3.5 (Iglewicz and Hoaglin 1993); nothing when half are the same."""
    middle = at(values, 0.5)
    away = (values - middle).abs()
    spread = float(away.median())
    return int((away * 0.6745 / spread > ROBUST).sum()) if spread else None


def of_lengths(polars: Any, values: Any) -> dict[str, Any]:
    """How long texts are, in characters."""
    lengths = values.drop_nulls().str.len_chars().sort()
    if not len(lengths):
        return {}
    numbers = lengths.cast(polars.Float64)
    return {
        "least": int(lengths[0]),
        "median": at(numbers, 0.5),
        "most": int(lengths[-1]),
        "histogram": histogram(numbers),
    }


def correlation(polars: Any, frame: Any, names: list[str]) -> dict[str, Any] | None:
    """Spearman's rank correlation: outliers and units do not sway it. Of the first columns of numbers."""
    names = names[:MOST_CORRELATED]
    if len(names) < 2 or frame.height < 3:
        return None
    ranks = frame.head(MOST_RANKED).select(polars.col(names).cast(polars.Float64).rank())
    pairs = [(one, other) for place, one in enumerate(names) for other in names[:place]]
    said = ranks.select(polars.corr(*pair).alias(str(number)) for number, pair in enumerate(pairs)).row(0)
    return {"columns": names, "below": [rounded(value) for value in said]}


def rounded(value: float | None) -> float | None:
    """Nothing for what is not a number: one of the two does not vary."""
    return None if value is None or value != value else round(value, 3)
