"""A file → its profile, as JSON within bounds. What it says of single values is said only of values that
many rows hold, and of none in a column that looks like personal data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from math import isfinite
from typing import Any

from registry.profiles import formats, personal, shapes
from registry.profiles.clauses import WRITTEN, Kept, texts
from registry.profiles.columns import MOST_COLUMNS, Column, Columns
from registry.profiles.interpolation import interpolated
from registry.profiles.parts import Parts, telling
from registry.profiles.population import populations
from registry.profiles.rows import MOST_NEAR, Keys, near, near_across
from registry.profiles.sources import Source, Types, Widened
from registry.tables.profile import Hashes
from registry.tables.types import of_polars

SAMPLE = 200_000  # rows at least, of those that there are
MOST_CELLS = 20_000_000  # of the sample
MOST_RESTARTS = 20
MOST_MAPPED = 40  # columns
SLICES = 50
MOST_VALUES = 50  # of a column, the most frequent first
FEWEST_ROWS = 10  # that hold a value before it is named


class Sample:
    """Rows taken with the same chance each: halved whenever there are too many."""

    def __init__(self, polars: Any, width: int) -> None:
        self._polars = polars
        self._frames: list[Any] = []
        self._most = 2 * min(SAMPLE, max(1_000, MOST_CELLS // max(1, width)))
        self.share = 1.0
        self._rows = 0

    def add(self, frame: Any) -> None:
        taken = self._thinned(frame, round(1 / self.share), seed=self._rows)
        self._frames.append(taken)
        self._rows += taken.height
        while self._rows > self._most:
            self._frames = [self._thinned(each, 2, seed=place) for place, each in enumerate(self._frames)]
            self._rows = sum(each.height for each in self._frames)
            self.share /= 2

    def _thinned(self, frame: Any, one_of: int, seed: int) -> Any:
        """One row of so many (a power of two), by a hash of its place: blind to what comes in turns."""
        if one_of == 1:
            return frame
        places = self._polars.int_range(self._polars.len(), dtype=self._polars.UInt32)
        return frame.filter(places.hash(seed) & (one_of - 1) == 0)

    def frame(self) -> Any:
        return self._polars.concat(self._frames) if self._frames else self._polars.DataFrame()


Counted = tuple[Columns, Hashes, Keys, Sample, Parts, Kept]


def profile(
    libraries: Callable[[str], Any], source: Source, declared: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Everything that is measured. `Unreadable` when the file is no table after all."""
    polars = libraries("polars")
    declared = declared or {}
    columns, hashes, keys, sample, parts, kept = counted(polars, source, declared)
    frame = sample.frame()
    listed = [of_column(libraries, column, columns.rows, frame, columns.width) for column in columns.columns]
    numbers = [column.name for column in columns.columns if column.number and column.distinct.number > 1]
    found = keys.names()
    told = {
        "format": source.format,
        "rows": columns.rows,
        "width": columns.width,
        "columns": listed,
        "sample": {"rows": frame.height, "whole": sample.share == 1},
        "duplicates": 0 if found else hashes.duplicates(),  # with a key no two rows are the same
        "near": near_rows(polars, columns, frame, whole=sample.share == 1),
        "keys": found,
        "missing": missing_map(polars, frame, [column.name for column in columns.columns if column.missing]),
        "correlation": shapes.correlation(polars, frame, numbers) if frame.height else None,
    }
    told |= {
        "parts": parts.told() | across(polars, columns, frame, declared, whole=sample.share == 1),
        "telling": told_by(polars, frame, declared),
        "interpolated": interpolated(polars, frame, declared),
        "formats": formats.told(libraries, frame, declared),
        "clauses": kept.told(),
    }
    return {**told, "measured": source.measured} if source.measured else told


def across(
    polars: Any, columns: Columns, frame: Any, declared: dict[str, Any], *, whole: bool
) -> dict[str, Any]:
    """What the sample says of the parts of the declared split beside each other."""
    if declared.get("split") not in frame.columns:
        return {}
    found = near_rows(polars, columns, frame, whole=whole, split=declared["split"])
    return {"near": found, "population": populations(polars, frame, declared)}


def told_by(polars: Any, sample: Any, declared: dict[str, Any]) -> dict[str, float]:
    """How well each column alone tells the declared target."""
    return telling(polars, sample, declared["target"]) if declared.get("target") else {}


def counted(polars: Any, source: Source, declared: dict[str, Any]) -> Counted:
    """One pass; again from the beginning when some block needs wider types."""
    types: Types | None = None
    written = source.format in WRITTEN
    for _ in range(MOST_RESTARTS):
        try:
            return one_pass(polars, source.blocks(types), declared, written=written)
        except Widened as widened:
            types = widened.types
    types = dict.fromkeys(types or {}, polars.String)
    return one_pass(polars, source.blocks(types), declared, written=written)


def one_pass(polars: Any, blocks: Iterator[Any], declared: dict[str, Any], *, written: bool) -> Counted:
    blocks = ahead(blocks)
    first = next(blocks, polars.DataFrame())
    contract = declared.get("contract") or {}
    meant = texts(contract, dict(first.schema), polars.String) | as_written(declared, first, polars.String)
    if written and meant:
        raise Widened({**first.schema, **meant})
    columns, hashes = Columns(polars, dict(first.schema)), Hashes(polars)
    flat = [name for name, kind in first.schema.items() if not kind.is_nested()]
    sample, kept = Sample(polars, first.width), [column.name for column in columns.columns]
    keys = Keys(polars, [column.name for column in columns.columns if may_be_key(column)])
    parts, clauses = (
        Parts(polars, declared, flat),
        Kept(polars, contract, dict(first.schema), written=written),
    )
    block = first
    while block is not None:
        columns.add(block)
        hashes.add(block.select(flat))
        keys.add(block)
        parts.add(block)
        clauses.add(block)
        sample.add(block.select(kept))
        block = next(blocks, None)
    return columns, hashes, keys, sample, parts, clauses


def ahead(blocks: Iterator[Any]) -> Iterator[Any]:
    """The next block is read while one is looked at: each alone leaves half of two cores idle."""
    with ThreadPoolExecutor(1) as reader:
        coming = reader.submit(next, blocks, None)
        while (block := coming.result()) is not None:
            coming = reader.submit(next, blocks, None)
            yield block


def as_written(declared: dict[str, Any], first: Any, text: Any) -> dict[str, Any]:
    """Columns whose form is declared are read as they are written."""
    named = {formats.parsed(entry)[0] for entry in declared.get("formats") or ()}
    return {name: text for name in first.columns if name in named and first.schema[name] != text}


def may_be_key(column: Column) -> bool:
    """Measured numbers are none, even when no two are the same."""
    return not column.nested and not column.dtype.is_float()


# ------------------------------------------------------------------ columns


def of_column(
    libraries: Callable[[str], Any], column: Column, rows: int, sample: Any, width: int
) -> dict[str, Any]:
    polars = libraries("polars")
    empty = column.missing == rows
    told: dict[str, Any] = {
        "name": column.name,
        "type": "empty" if empty else of_polars(column.dtype),
        "missing": column.missing,
    }
    if empty or column.nested:
        return told
    told["held"] = column.count if column.number else rows - column.missing
    told["distinct"] = {"number": min(column.distinct.number, told["held"]), "exact": column.distinct.exact}
    values = sample.get_column(column.name)
    private = personal.found(libraries, column, values)
    if private:
        told["personal"] = private
    if column.number:
        told |= {"not_numbers": column.not_numbers, "infinite": column.infinite}
        told |= {"least": number(column.least), "most": number(column.most)}
        told |= {"mean": number(column.mean), "deviation": number(column.deviation)}
        told |= jsonable(shapes.of_numbers(polars, values, width))
    elif column.time:
        told |= {"least": moment(column.least), "most": moment(column.most)}
    elif column.dtype == polars.String:
        told["lengths"] = jsonable(shapes.of_lengths(polars, values))
    if not private:
        told |= values_of(polars, column)
    return told


def values_of(polars: Any, column: Column) -> dict[str, Any]:
    """The most frequent values, when they are counted, and how many rows hold another one."""
    counts = column.distinct.counts
    if counts is None:
        return {}
    often = counts.filter(polars.col("rows") >= FEWEST_ROWS)
    often = often.sort(["rows", polars.col("value").cast(polars.String)], descending=[True, False])
    often = often.head(MOST_VALUES)
    listed = [[shown(value), rows] for value, rows in often.iter_rows()]
    return {
        "values": listed,
        "other_values": int(counts.get_column("rows").sum() - often.get_column("rows").sum()),
    }


def shown(value: Any) -> Any:
    """As JSON has it; texts are cut."""
    if isinstance(value, bool) or (isinstance(value, int) and abs(value) < 1 << 53):
        return value
    if isinstance(value, float):
        return number(value)
    return (
        str(value)[:80]
        if isinstance(value, str | int | date | datetime | time | timedelta)
        else repr(value)[:80]
    )


def number(value: Any) -> float | int | None:
    """A finite number, whole when it is; nothing otherwise."""
    if value is None or not isfinite(value):
        return None
    return int(value) if float(value).is_integer() and abs(value) < 1 << 53 else float(f"{float(value):.9g}")


def jsonable(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: jsonable(value) for key, value in data.items()}
    if isinstance(data, list):
        return [jsonable(value) for value in data]
    return number(data) if isinstance(data, float) else data


def moment(value: Any) -> str | None:
    return None if value is None else str(value)


# ------------------------------------------------------------------ rows


def missing_map(polars: Any, sample: Any, names: list[str]) -> dict[str, Any] | None:
    """Where values are missing: the table's rows in slices, and the share in percent in each of them."""
    names, slices = names[:MOST_MAPPED], min(SLICES, sample.height)
    if not names or not slices:
        return None
    place = (polars.int_range(polars.len()) * slices // polars.len()).alias(" slice")
    shares = sample.select(place, polars.col(names).is_null()).group_by(" slice").mean().sort(" slice")
    rows = [[round(100 * share) for share in shares.get_column(name)] for name in names]
    return {"columns": names, "percent": rows}


def near_rows(polars: Any, columns: Columns, frame: Any, *, whole: bool, split: str = "") -> dict[str, Any]:
    """The number of rows nearly the same as another, in another part of a split; or why it was not looked
    for."""
    if not whole or frame.height > MOST_NEAR:
        return {"not_evaluated": f"needs at most {MOST_NEAR:,} rows"}
    if columns.width > MOST_COLUMNS or any(column.nested for column in columns.columns):
        return {"not_evaluated": "needs columns that hold single values"}
    try:
        if not frame.height:
            return {"rows": 0}
        return {"rows": near_across(polars, frame, split) if split else near(polars, frame)}
    except OverflowError:
        return {"not_evaluated": "needs shorter texts"}
