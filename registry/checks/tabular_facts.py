"""Rows, columns and missing values of a table, and whether it is one at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, BinaryIO

from registry.checks import MIB, Fact, Issue, check, library

MOST_BYTES = 512 * MIB
TEXT = {".csv": ",", ".tsv": "\t"}


@check("dataset", since=date(2026, 1, 1), timeout=300, memory=4096 * MIB, libraries=["polars"])
def run(file: BinaryIO) -> Iterator[Issue | Fact]:
    name = str(file.name).lower()
    separator = TEXT.get(name[-4:])
    file.seek(0)
    if separator is None and file.read(4) != b"PAR1":
        return
    if file.seek(0, 2) > MOST_BYTES:
        yield Issue("medium", "This table is too large to be measured here: push it in parts.", "too_large")
        return
    file.seek(0)
    polars = library("polars")
    try:
        table = (
            polars.read_csv(file.read(), separator=separator)
            if separator
            else polars.read_parquet(file.read())
        )
    except (polars.exceptions.PolarsError, OSError, ValueError) as error:
        yield unreadable(polars, error)
        return
    yield from measured(table)


def unreadable(polars: Any, error: Exception) -> Issue:
    """The sentence never quotes the library's: that may hold values."""
    if isinstance(error, polars.exceptions.NoDataError):
        return Issue("medium", "The table has no rows: push the data or leave it out.", "no_rows")
    return Issue(
        "high", "This is no table that can be read: each row needs as many fields as the head.", "unreadable"
    )


def measured(table: Any) -> Iterator[Issue | Fact]:
    missing = table.null_count().row(0) if table.width else ()
    duplicates = table.height - table.unique().height if table.width else 0
    columns = [
        {"name": name[:120], "type": str(kind), "missing": gone}
        for name, kind, gone in zip(table.columns, table.dtypes, missing, strict=True)
    ]
    yield Fact({"rows": table.height, "columns": columns, "duplicates": duplicates})
    if not table.height:
        yield Issue("medium", "The table has no rows: push the data or leave it out.", "no_rows")
    for column in columns:
        if table.height and column["missing"] == table.height:
            yield Issue("low", f"Column {column['name']} is empty.", f"empty_column {column['name']}")
    if duplicates:
        yield Issue("info", f"{duplicates:,} rows occur more than once.", "duplicate_rows")
