"""How many different values a column has: counted while they are few, then estimated by HyperLogLog.

Flajolet, Fusy, Gandouet, Meunier: HyperLogLog (2007). 4,096 registers: a standard error of 1.6 %.
"""

from __future__ import annotations

from math import log
from typing import Any

MOST_COUNTED = 5_000
BITS = 12
REGISTERS = 1 << BITS
ERROR = 1.04 / REGISTERS**0.5


class Distinct:
    """Of one column. `counts` is a frame of values and how many rows hold each, while they are few."""

    def __init__(self, polars: Any) -> None:
        self._polars = polars
        self._registers: Any = None
        self._lowest = 0  # what every register has at least: hashes below it change nothing
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
        """The longest run of leading zeros among the hashes that fall into each register."""
        polars = self._polars
        hashes = column.drop_nulls().hash().alias("hash")
        register = (polars.col("hash") // (1 << 64 - BITS)).alias("register")
        rank = (polars.col("hash") % (1 << 64 - BITS)).bitwise_leading_zeros().cast(polars.Int32) - BITS + 1
        changing = polars.col("hash") % (1 << 64 - BITS) < (1 << 64 - BITS - self._lowest)
        new = hashes.to_frame().filter(changing).select(register, rank.alias("rank"))
        if self._registers is not None:
            new = polars.concat([self._registers, new])
        self._registers = new.group_by("register").agg(polars.col("rank").max())
        if self._registers.height == REGISTERS:
            self._lowest = int(self._registers.get_column("rank").min())

    @property
    def number(self) -> int:
        if self.exact:
            return 0 if self.counts is None else int(self.counts.height)
        return estimated(self._registers.get_column("rank").to_list())


def estimated(ranks: list[int]) -> int:
    """The number of different values from the registers that are not empty."""
    empty = REGISTERS - len(ranks)
    bias = 0.7213 / (1 + 1.079 / REGISTERS)
    raw = bias * REGISTERS**2 / (empty + sum(2.0**-rank for rank in ranks))
    if raw <= 2.5 * REGISTERS and empty:
        return round(REGISTERS * log(REGISTERS / empty))
    return round(raw)
