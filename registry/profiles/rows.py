"""Rows that are there twice: all of them by their hashes, and nearly the same ones by MinHash.

Near means a Jaccard similarity of at least 0.9 between the words of two rows (Broder 1997, On the
resemblance and containment of documents; the threshold is ours). Exact repetitions are not counted again.
"""

from __future__ import annotations

from typing import Any

from registry.tables.profile import MOST_HASHED

MOST_NEAR = 100_000  # rows among which near ones are looked for
MOST_WORDS = 20_000_000
MOST_KEYS = 3
SIMILAR = 0.9
BANDS, ROWS_OF_A_BAND = 8, 4
WORD = r"[^\s,;|/_-]+"


class Keys:
    """Columns of which no two rows have the same value and none lacks it: by the hashes of all values, unless
    each value is larger than the one before it."""

    def __init__(self, polars: Any, names: list[str]) -> None:
        self._polars = polars
        self._possible: dict[str, list[Any]] = {name: [] for name in names}
        self._rising: dict[str, Any] = dict.fromkeys(names)
        self._count = 0

    def add(self, frame: Any) -> None:
        self._count += frame.height
        unique = [name for name in self._possible if self._is_unique(frame.get_column(name))]
        most = MOST_KEYS if self._count <= MOST_HASHED else 0
        self._possible = {name: self._possible[name] for name in unique[:most]}
        for name, hashes in self._possible.items():
            hashes.append(frame.get_column(name).hash())

    def _is_unique(self, column: Any) -> bool:
        """In this block; `_rising` holds the largest value of columns that only rise."""
        if column.name in self._rising and len(column):
            last = self._rising.pop(column.name)
            if is_rising(column, last):
                self._rising[column.name] = column[-1]
                return True
        return is_unique(column)

    def names(self) -> list[str]:
        if self._count < 2:
            return []
        return [
            name
            for name, hashes in self._possible.items()
            if name in self._rising or self._polars.concat(hashes).n_unique() == self._count
        ]


def is_rising(column: Any, last: Any) -> bool:
    """Whether each whole number is larger than the one before, the first one than `last` if there is one."""
    if not column.dtype.is_integer() or column.null_count() or (last is not None and column[0] <= last):
        return False
    return bool((column[1:] > column[:-1]).all())


def is_unique(column: Any) -> bool:
    return bool(not column.null_count() and column.n_unique() == len(column))


def near(polars: Any, frame: Any) -> int:
    """How many different rows are nearly the same as one before them."""
    table = words(polars, frame.unique(maintain_order=True))
    return int(similar(polars, table, candidates(polars, table)).get_column("other").n_unique())


def near_across(polars: Any, frame: Any, split: str) -> int:
    """How many different rows are nearly the same as one in another part of the split."""
    own = frame.drop(split)
    first = frame.with_columns(own.hash_rows().alias(" row")).unique(" row", maintain_order=True)
    table = words(polars, first.drop(split, " row"))
    part = first.get_column(split).cast(polars.String).fill_null("(none)").alias("part")
    found = similar(polars, table, candidates(polars, table, part))
    return int(polars.concat([found.get_column("one"), found.get_column("other")]).n_unique())


def similar(polars: Any, table: Any, pairs: Any) -> Any:
    """The pairs whose words are nearly the same."""
    sets = table.group_by("row").agg(polars.col("word").unique())
    both = pairs.join(sets, left_on="one", right_on="row").join(
        sets, left_on="other", right_on="row", suffix="_2"
    )
    shared = polars.col("word").list.set_intersection("word_2").list.len()
    union = polars.col("word").list.set_union("word_2").list.len()
    return both.filter(shared / union >= SIMILAR)


def words(polars: Any, frame: Any) -> Any:
    """Each row's words as hashes: a column's words are not those of another column. `OverflowError` when
    there are too many."""
    rows = polars.int_range(frame.height, dtype=polars.UInt32).alias("row")
    parts = []
    for place, name in enumerate(frame.columns):
        text = polars.col(name).cast(polars.String).fill_null("")
        told = text.str.to_lowercase().str.extract_all(WORD).alias("word")
        part = frame.select(rows, told).explode("word")
        parts.append(part.with_columns(polars.col("word").hash(seed=place)))
    table = polars.concat(parts)
    if table.height > MOST_WORDS:
        raise OverflowError
    return table


def candidates(polars: Any, table: Any, part: Any = None) -> Any:
    """Pairs that agree in a band of their MinHashes, each with the first row that does; with the part of each
    row, the first one of another part."""
    count = BANDS * ROWS_OF_A_BAND
    least = [polars.col("word").hash(seed=seed + 1).min().alias(str(seed)) for seed in range(count)]
    signatures = table.group_by("row").agg(least).sort("row")
    if part is not None:
        signatures = signatures.with_columns(part.gather(signatures.get_column("row")))
    pairs = []
    for band in range(BANDS):
        keys = [str(band * ROWS_OF_A_BAND + row) for row in range(ROWS_OF_A_BAND)]
        first = polars.col("row").min().over(keys)
        if part is not None:
            theirs = polars.col("part").first().over(keys)
            stranger = polars.when(polars.col("part") != theirs).then("row").min().over(keys)
            first = polars.when(polars.col("part") != theirs).then(first).otherwise(stranger)
        pairs.append(signatures.select(first.alias("one"), polars.col("row").alias("other")).drop_nulls())
    return polars.concat(pairs).filter(polars.col("one") != polars.col("other")).unique()
