"""How many rows break each clause of a contract that is about rows, block by block, inside the sandbox."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from registry.contracts.clauses import COUNTED, Clause, clauses
from registry.tables.profile import MOST_HASHED
from registry.tables.types import DATE, TIME

WRITTEN = ("csv", "tsv", "tab", "psv", "excel")
"""Formats whose cells are texts: what is meant by them is for the contract to say."""
NUMBERS, TIMES = ("integer", "number"), ("date", "time")


def texts(contract: dict[str, Any], schema: dict[str, Any], text: Any) -> dict[str, Any]:
    """The columns that are read as something else than the text that they are: 01234 is no number."""
    said = contract.get("columns", {})
    return {
        name: text
        for name, kind in schema.items()
        if kind != text and said.get(name, {}).get("type") == "text"
    }


class Kept:
    """Rows that break each clause; a clause that cannot be counted here has none."""

    def __init__(
        self, polars: Any, contract: dict[str, Any], schema: dict[str, Any], *, written: bool
    ) -> None:
        self._polars = polars
        wanted = [clause for clause in clauses(contract) if clause.kind in COUNTED] if contract else []
        here = [clause for clause in wanted if set(clause.columns) <= schema.keys()]
        self._counts: dict[str, int | None] = {clause.key: 0 for clause in here}
        self._asked: dict[str, Any] = {}
        for clause in here:
            if clause.kind != "key":
                broken = breaking(polars, clause, schema[clause.column], written)
                if broken is None:
                    self._counts[clause.key] = None
                else:
                    self._asked[clause.key] = broken
        self._keys = [(clause.key, list(clause.columns)) for clause in here if clause.kind == "key"]
        self._hashes: dict[str, list[Any]] = {key: [] for key, _ in self._keys}
        self._rows = 0

    def add(self, frame: Any) -> None:
        self._rows += frame.height
        if self._asked and frame.height:
            asked = [broken.sum().alias(key) for key, broken in self._asked.items()]
            for key, rows in frame.select(asked).row(0, named=True).items():
                self._counts[key] = (self._counts[key] or 0) + (rows or 0)
        few = self._rows * len(self._keys) <= MOST_HASHED
        for key, names in self._keys:
            self._add_key(key, frame.select(names)) if few else self._hashes[key].clear()

    def _add_key(self, key: str, part: Any) -> None:
        whole = part.drop_nulls()
        self._counts[key] = (self._counts[key] or 0) + part.height - whole.height
        self._hashes[key].append(whole.hash_rows())

    def told(self) -> dict[str, int]:
        """By the keys of the clauses: how many rows break it."""
        told = {key: rows for key, rows in self._counts.items() if rows is not None}
        for key, hashes in self._hashes.items():
            if self._rows * len(self._keys) > MOST_HASHED:
                del told[key]
            elif hashes:
                all_of_it = self._polars.concat(hashes)
                told[key] += len(all_of_it) - all_of_it.n_unique()
        return told


def breaking(polars: Any, clause: Clause, dtype: Any, written: bool) -> Any:
    """An expression that is true in the rows that break a clause; nothing when it cannot be told."""
    if clause.kind == "type":
        fits = of_type(polars, clause, dtype, written)
        return polars.col(clause.column).is_not_null() & ~fits
    if dtype.is_nested():
        return None
    return BREAKING[clause.kind](polars, clause, dtype)


def of_type(polars: Any, clause: Clause, dtype: Any, written: bool) -> Any:
    column, text = polars.col(clause.column), dtype == polars.String
    if clause.type in NUMBERS and (dtype.is_numeric() or (text and written)):
        value = column.str.strip_chars().cast(polars.Float64, strict=False) if text else column
        value = value.cast(polars.Float64, strict=False)
        whole = value == value.floor() if clause.type == "integer" else polars.lit(True)
        return (value.is_finite() & whole).fill_null(False)
    if clause.type in TIMES and text and written:
        form = DATE if clause.type == "date" else f"{DATE}|{TIME}"
        return column.str.strip_chars().str.contains(form)
    if clause.type == "boolean" and text and written:
        return column.str.strip_chars().str.to_lowercase().is_in(["true", "false"])
    return polars.lit(is_of(polars, dtype, clause.type, written))


def is_of(polars: Any, dtype: Any, kind: str, written: bool) -> bool:
    if dtype == polars.Null:
        return True
    if kind == "text":
        return not dtype.is_nested() and (written or str(dtype).startswith(("String", "Cat", "Enum")))
    if kind in TIMES:
        return dtype == polars.Date or (kind == "time" and str(dtype).startswith("Datetime"))
    return bool(kind == "boolean" and dtype == polars.Boolean)


def beyond(polars: Any, clause: Clause, dtype: Any) -> Any:
    """Below the least or above the most."""
    value, bound = polars.col(clause.column), clause.bound
    if clause.type in NUMBERS:
        if not (dtype.is_numeric() or dtype == polars.String):
            return None
        value = value.cast(polars.Float64, strict=False).fill_nan(None)
    else:
        if not (dtype == polars.Date or str(dtype).startswith("Datetime")):
            return None
        if getattr(dtype, "time_zone", None):
            value = value.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
        value, bound = value.cast(polars.Datetime("us")), datetime.fromisoformat(bound)
    return (value < bound if clause.kind == "least" else value > bound).fill_null(False)


def other(polars: Any, clause: Clause, dtype: Any) -> Any:
    """Not among the values."""
    column = polars.col(clause.column)
    if clause.type in NUMBERS:
        if not (dtype.is_numeric() or dtype == polars.String):
            return None
        known = column.cast(polars.Float64, strict=False).is_in([float(value) for value in clause.bound])
    else:
        words = [str(value).lower() if clause.type == "boolean" else str(value) for value in clause.bound]
        known = as_text(polars, column).is_in(words)
    return column.is_not_null() & ~known.fill_null(False)


def unlike(polars: Any, clause: Clause, dtype: Any) -> Any:
    """Does not fit the pattern."""
    form = rf"\A(?:{clause.bound})\z"
    try:
        polars.Series([""]).str.contains(form)
    except polars.exceptions.PolarsError:
        return None
    column = polars.col(clause.column)
    return column.is_not_null() & ~as_text(polars, column).str.contains(form)


def longer(polars: Any, clause: Clause, dtype: Any) -> Any:
    column = polars.col(clause.column)
    return (as_text(polars, column).str.len_chars() > clause.bound).fill_null(False)


def as_text(polars: Any, column: Any) -> Any:
    return column.cast(polars.String, strict=False)


BREAKING: dict[str, Callable[[Any, Clause, Any], Any]] = {
    "least": beyond,
    "most": beyond,
    "values": other,
    "pattern": unlike,
    "longest": longer,
}
