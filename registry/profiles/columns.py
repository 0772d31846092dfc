"""What is counted over every row, column by column."""

from __future__ import annotations

from collections import defaultdict
from math import isfinite, sqrt
from typing import Any

from registry.profiles.distinct import Distinct
from registry.tables.delimited import Unreadable

MOST_COLUMNS = 1_000
FAR_AWAY = "Some day or moment lies before the year 1 or after the year 9999: write what it is meant to be."


class Column:
    """Of one column over all blocks: rows that hold something, the numbers' moments, the different values."""

    def __init__(self, polars: Any, name: str, dtype: Any) -> None:
        self.name = name
        self.dtype = dtype
        self.number = bool(dtype.is_numeric())
        self.time = bool(dtype.is_temporal())
        self.nested = bool(dtype.is_nested()) or str(dtype) in ("Object", "Unknown")
        self.missing = self.not_numbers = self.infinite = self.count = 0
        self.average = self.squares = 0.0
        self.least: Any = None
        self.most: Any = None
        self.distinct = Distinct(polars)

    def add(self, counted: dict[str, Any]) -> None:
        """Take what one block says: see `asked`."""
        self.missing += counted["missing"]
        for name, better in (("least", min), ("most", max)):
            value = counted.get(name)
            if value is not None:
                old = getattr(self, name)
                setattr(self, name, value if old is None else better(old, value))
        if self.number:
            self.not_numbers += counted["nan"] or 0
            self.infinite += counted["infinite"] or 0
            self._moments(counted["count"] or 0, counted["mean"], counted["variance"])

    def _moments(self, count: int, mean: float | None, variance: float | None) -> None:
        """Merge a block's moments with those before (Chan, Golub, LeVeque 1979)."""
        if not count or mean is None or not isfinite(mean):
            return
        spread = (variance or 0.0) * count
        if self.count:
            apart = mean - self.average
            spread += apart * apart * self.count * count / (self.count + count)
        self.average += (mean - self.average) * count / (self.count + count)
        self.squares += spread
        self.count += count

    @property
    def mean(self) -> float | None:
        return self.average if self.count else None

    @property
    def deviation(self) -> float | None:
        return sqrt(self.squares / (self.count - 1)) if self.count > 1 else None


class Columns:
    def __init__(self, polars: Any, types: dict[str, Any]) -> None:
        self._polars = polars
        self.width = len(types)
        self.columns = [Column(polars, name, kind) for name, kind in list(types.items())[:MOST_COLUMNS]]
        self.rows = 0

    def add(self, frame: Any) -> None:
        self.rows += frame.height
        if not self.columns:
            return
        odd = not_finite(self._polars, frame, self.columns)
        asked = [
            expression.alias(f"{place}:{key}")
            for place, column in enumerate(self.columns)
            for key, expression in questions(self._polars, column, odd=column.name in odd).items()
        ]
        said: dict[str, dict[str, Any]] = defaultdict(dict)
        for name, value in in_python(frame.select(asked)).items():
            place, _, key = name.partition(":")
            said[place][key] = value
        for number, column in enumerate(self.columns):
            column.add(said[str(number)])
            if not column.nested:
                column.distinct.add(frame.get_column(column.name))


def in_python(answers: Any) -> dict[str, Any]:
    try:
        found: dict[str, Any] = answers.row(0, named=True)
    except (ValueError, OverflowError) as error:  # of days and moments alone: a Parquet file may hold any
        raise Unreadable(FAR_AWAY) from error
    return found


def not_finite(polars: Any, frame: Any, columns: list[Column]) -> set[str]:
    """Columns that hold what is no number, or infinite: they take longer to look at."""
    names = [column.name for column in columns if column.dtype.is_float()]
    if not names:
        return set()
    finite = frame.select(polars.col(names).is_finite().all()).row(0, named=True)
    return {name for name, whole in finite.items() if not whole}


def questions(polars: Any, column: Column, *, odd: bool) -> dict[str, Any]:
    """What is asked of one block about one column, by `Column.add`'s words."""
    held = polars.col(column.name)
    if column.number:
        floats = held.cast(polars.Float64, strict=False)
        finite = floats.filter(floats.is_finite()) if odd else floats
        return {
            "missing": held.null_count(),
            "nan": floats.is_nan().sum() if odd else polars.lit(0),
            "infinite": floats.is_infinite().sum() if odd else polars.lit(0),
            "count": finite.len() if odd else floats.count(),
            "mean": finite.mean(),
            "variance": finite.var(ddof=0),
            "least": finite.min(),
            "most": finite.max(),
        }
    if column.time:
        return {"missing": held.null_count(), "least": held.min(), "most": held.max()}
    return {"missing": held.null_count()}
