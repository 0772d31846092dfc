"""Rows, columns, types, missing values and duplicates of a table, and whether it is one at all.

Tables are Parquet by their bytes or their name, and delimited text by its name; `.csv.gz` too. What is
merely observed is info; nothing quotes a value.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from datetime import date
from typing import Any, BinaryIO

from registry.checks import MIB, Fact, Issue, check, library
from registry.tables.delimited import Shape, Unreadable
from registry.tables.profile import PARQUET, Profile, of_parquet, of_text

SEPARATORS = {".csv": "", ".tsv": "\t", ".tab": "\t", ".psv": "|"}


@check(
    "dataset",
    since=date(2025, 11, 1),
    timeout=300,
    memory=2048 * MIB,
    libraries=["polars"],
    may_be_spared=True,
)
def run(file: BinaryIO) -> Iterator[Issue | Fact]:
    name = str(file.name).lower()
    size = file.seek(0, 2)
    file.seek(0)
    if file.read(4) != PARQUET and not name.endswith((".parquet", ".pq", *packed(SEPARATORS))):
        return
    try:
        profile = measured(file, name, size)
    except Unreadable as error:
        yield Issue("high", str(error), "unreadable")
        return
    yield Fact(profile.as_fact())
    yield from findings(profile)


def packed(endings: dict[str, str]) -> list[str]:
    return [ending + packing for ending in endings for packing in ("", ".gz")]


def measured(file: Any, name: str, size: int) -> Profile:
    file.seek(0)
    if file.read(4) == PARQUET or name.endswith((".parquet", ".pq")):
        return of_parquet(library("polars"), file, size)
    file.seek(0)
    if not name.endswith(".gz"):
        return of_text(library("polars"), file, SEPARATORS["." + name.rpartition(".")[2]], size)
    try:
        ending = "." + name.removesuffix(".gz").rpartition(".")[2]
        return of_text(library("polars"), gzip.GzipFile(fileobj=file), SEPARATORS[ending], size)
    except (OSError, EOFError, zlib.error) as error:
        raise Unreadable("This gzip file cannot be unpacked to its end: pack it again.") from error


def findings(profile: Profile) -> Iterator[Issue]:
    if not profile.rows:
        yield Issue("medium", "The table has no rows: push the data, or leave it out.", "no_rows")
    if profile.shape is not None:
        yield from of_shape(profile.shape)
    for column in profile.columns:
        if profile.rows and column.get("missing") == profile.rows:
            text = f"Column {column['name']} holds nothing: fill it or leave it out."
            yield Issue("low", text, f"empty_column:{column['name']}", column["name"])
    if profile.duplicates:
        text = (
            f"{profile.duplicates:,} of {profile.rows:,} rows repeat another one: see whether that is right."
        )
        yield Issue("info", text, "duplicate_rows")


def of_shape(shape: Shape) -> Iterator[Issue]:
    if shape.ragged:
        more = {1: "", 2: ", and one more row differs"}.get(
            shape.ragged, f", and {shape.ragged - 1:,} more rows differ"
        )
        width = len(shape.header)
        text = f"Row {shape.first_ragged:,} has {shape.first_width:,} fields, the first row {width:,}"
        yield Issue(
            "medium",
            f"{text}{more}: quote or escape separators.",
            "ragged_rows",
            f"row {shape.first_ragged:,}",
        )
    if shape.repeated:
        first = shape.repeated[0][:80]
        others = len(shape.repeated) - 1
        more = f", and so do {others:,} more" if others else ""
        text = f"The column name {first} occurs more than once{more}: rename the columns."
        yield Issue("medium", text, "duplicate_columns", shape.repeated[0])
    if not shape.named:
        yield Issue("low", "The first row looks like data: add a row with the columns' names.", "no_header")
    if shape.foreign:
        yield Issue("low", "Some bytes are not UTF-8: save the table in UTF-8.", "not_utf8")
