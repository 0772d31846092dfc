"""How many different values a column has: counted while few, then estimated from the smallest hashes.

Hashes are spread evenly, so those below a bound stand for all: so many different ones, divided by the share
of the whole range that lies below it (Bar-Yossef and others 2002, Counting distinct elements in a data
stream). The bound is halved whenever more than 8,192 lie below it: a standard error of 1.6 % at most.
"""

from __future__ import annotations

from typing import Any

MOST_COUNTED = 5_000
MOST_HASHES = 8_192
ALL = 1 << 64


class Distinct:
    """Of one column. `counts` is a frame of values and how many rows hold each, while they are few."""

    def __init__(self, polars: Any) -> None:
        self._polars = polars
        self._smallest: Any = polars.Series(dtype=polars.UInt64)
        self._bound = ALL
        self.counts: Any = None
        self.exact = True

    def add(self, column: Any) -> None:
        """Count one block."""
        if not self.exact:
            self._estimate(column)
            return
        more = column.rename("value").drop_nulls().value_counts(name="rows")
        self.counts = more if self.counts is None else self._merged(more)
        if self.counts.height > MOST_COUNTED:
            self.exact = False
            self._estimate(self.counts.get_column("value"))
            self.counts = None

    def _merged(self, more: Any) -> Any:
        both = self._polars.concat([self.counts, more])
        return both.group_by("value").agg(self._polars.col("rows").sum())

    def _estimate(self, column: Any) -> None:
        hashes = (column.drop_nulls() if column.null_count() else column).hash()
        if self._bound < ALL:
            hashes = hashes.filter(hashes < self._bound)
        self._smallest = self._polars.concat([self._smallest, hashes.rename("")]).unique()
        while len(self._smallest) > MOST_HASHES:
            self._bound //= 2
            self._smallest = self._smallest.filter(self._smallest < self._bound)

    @property
    def number(self) -> int:
        if self.exact:
            return 0 if self.counts is None else int(self.counts.height)
        return len(self._smallest) * ALL // self._bound
