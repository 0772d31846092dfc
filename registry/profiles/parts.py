"""What can be said of the parts of a table (training, validation, test, folds) once somebody declared its
columns: rows and groups in several parts, times, classes, small groups, a column that tells the target.
"""

from __future__ import annotations

from typing import Any

MOST_ROWS = 5_000_000
MOST_PARTS = 50
MOST_CLASSES = 50
FEWEST = 5  # rows that share their quasi-identifiers
FEWEST_OF_A_CLASS = 20

Declared = dict[str, Any]


class Parts:
    """Rows by their hashes and what is declared of them. Beyond so many rows nothing is kept."""

    def __init__(self, polars: Any, declared: Declared, names: list[str]) -> None:
        self._polars = polars
        self._names = names
        self._said = {
            key: name
            for key in ("split", "group", "time", "target", "source")
            if (name := declared.get(key)) in names
        }
        self._quasi = [name for name in declared.get("quasi_identifiers", ()) if name in names]
        self._frames: list[Any] = []
        self._rows = 0

    def add(self, frame: Any) -> None:
        self._rows += frame.height
        if self._rows > MOST_ROWS or not (self._said or self._quasi):
            self._frames = []
            return
        polars, split = self._polars, self._said.get("split")
        columns = [polars.col(name).alias(key) for key, name in self._said.items()]
        if split:
            own = [name for name in self._names if name != split]
            columns.append(frame.select(own).hash_rows().alias("row"))
        if self._quasi:
            columns.append(frame.select(self._quasi).hash_rows().alias("quasi"))
        self._frames.append(frame.select(columns))

    def told(self) -> dict[str, Any]:
        if not (self._said or self._quasi):
            return {}
        if self._rows > MOST_ROWS:
            return {"not_evaluated": f"at most {MOST_ROWS:,} rows"}
        rows = self._polars.concat(self._frames)
        told: dict[str, Any] = {}
        if self._quasi:
            told["anonymity"] = anonymity(self._polars, rows)
        if "source" in self._said:
            told |= sources(self._polars, rows, target="target" in self._said)
        if "split" in self._said:
            told |= split_up(self._polars, rows, set(self._said))
        return told


def anonymity(polars: Any, rows: Any) -> dict[str, int]:
    """The smallest group of rows that share their quasi-identifiers, and how many rows are in small ones."""
    sizes = rows.group_by("quasi").len().get_column("len")
    return {"smallest": int(sizes.min() or 0), "rows_in_small": int(sizes.filter(sizes < FEWEST).sum())}


def sources(polars: Any, rows: Any, *, target: bool) -> dict[str, Any]:
    """Rows of each source, by the classes of the target where one is declared and has few."""
    named = rows.with_columns(polars.col("source").cast(polars.String).fill_null("(none)"))
    if named.get_column("source").n_unique() > MOST_PARTS:
        return {}
    few = target and named.get_column("target").n_unique() <= MOST_CLASSES
    label = polars.col("target").cast(polars.String) if few else polars.lit("", dtype=polars.String)
    counts = named.group_by("source", label.alias("label")).len().sort("source", "label")
    return {"sources": [list(row) for row in counts.iter_rows()]}


def split_up(polars: Any, rows: Any, said: set[str]) -> dict[str, Any]:
    rows = rows.with_columns(polars.col("split").cast(polars.String).fill_null("(none)"))
    if rows.get_column("split").n_unique() > MOST_PARTS:
        return {"not_evaluated": f"a split of at most {MOST_PARTS} parts"}
    told: dict[str, Any] = {
        "parts": [list(part) for part in rows.group_by("split").len().sort("split").iter_rows()]
    }
    told["rows_in_several"] = in_several(polars, rows, "row")
    if "group" in said:
        told["groups_in_several"] = in_several(polars, rows.drop_nulls("group"), "group")
    if "time" in said:
        times = rows.group_by("split").agg(
            polars.col("time").min().alias("from"), polars.col("time").max().alias("to")
        )
        told["times"] = [
            [part, str(first), str(last)] for part, first, last in times.sort("split").iter_rows()
        ]
    if "target" in said and rows.get_column("target").n_unique() <= MOST_CLASSES:
        counts = (
            rows.group_by("split", polars.col("target").cast(polars.String)).len().sort("split", "target")
        )
        told["classes"] = [list(row) for row in counts.iter_rows()]
    return told


def in_several(polars: Any, rows: Any, key: str) -> dict[str, int]:
    """How many different ones are in more than one part, and how many rows that touches."""
    found = rows.group_by(key).agg(polars.col("split").n_unique().alias("parts"), polars.len().alias("rows"))
    several = found.filter(polars.col("parts") > 1)
    return {"number": several.height, "rows": int(several.get_column("rows").sum())}


def telling(polars: Any, sample: Any, target: str) -> dict[str, float]:
    """How well each column of numbers alone ranks the rarer of two classes: the area under the ROC curve, by
    the mean rank of its rows (Mann and Whitney 1947), turned so that it is at least a half."""
    if target not in sample.columns or sample.get_column(target).drop_nulls().n_unique() != 2:
        return {}
    rows = sample.drop_nulls(target)
    rarer = rows.get_column(target).value_counts(name="rows").sort("rows").row(0)
    if rarer[1] < FEWEST_OF_A_CLASS:
        return {}
    told = {}
    for name, kind in rows.schema.items():
        if kind.is_numeric() and name != target:
            area = area_under(
                polars, rows.select(polars.col(name).cast(polars.Float64), target).drop_nulls(), rarer[0]
            )
            if area is not None:
                told[name] = round(max(area, 1 - area), 4)
    return told


def area_under(polars: Any, pairs: Any, positive: Any) -> float | None:
    ranks = pairs.to_series(0).rank()
    mine = ranks.filter(pairs.to_series(1) == positive)
    others = len(ranks) - len(mine)
    if len(mine) < FEWEST_OF_A_CLASS or others < FEWEST_OF_A_CLASS:
        return None
    return float((mine.mean() - (len(mine) + 1) / 2) / others)
