"""The first rows of a Parquet file, and of how many."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO

from registry.checks import MIB, library
from registry.previews import Part, Unfit, preview, table
from registry.tables.delimited import Unreadable
from registry.tables.profile import read_footer, refusals

MOST_ROWS, MOST_COLUMNS = 50, 40
LARGEST = 256 * MIB


@preview("parquet", "pq", memory=2048 * MIB, libraries=["polars"])
def run(file: BinaryIO) -> Iterator[Part]:
    polars = library("polars")
    size = file.seek(0, 2)
    try:
        footer = read_footer(file, size)
        schema = polars.read_parquet_schema(io.BytesIO(footer))
        count = polars.scan_parquet(io.BytesIO(footer)).select(polars.len()).collect().item()
        names = list(schema)[:MOST_COLUMNS]
        shown = first(polars, file, size, names)
    except Unreadable as error:
        raise Unfit(str(error)) from error
    except refusals(polars) as error:
        raise Unfit("This Parquet file cannot be read: write it again.") from error
    if not shown and count:
        listed = [(name, str(kind)) for name, kind in schema.items()]
        yield table(["Column", "Type"], listed[:1000], f"{count:,} rows; it is too large for more.")
        return
    head = [f"{name} ({str(schema[name]).lower()})" for name in names]
    yield table(
        head, shown, f"The first {len(shown):,} of {count:,} rows, {len(names):,} of {len(schema):,} columns."
    )


def first(polars: object, file: BinaryIO, size: int, names: list[str]) -> list[tuple[object, ...]]:
    """Nothing of a file that is too large to be held."""
    if size > LARGEST:
        return []
    file.seek(0)
    scan = polars.scan_parquet(io.BytesIO(file.read()))  # type: ignore[attr-defined]
    found: list[tuple[object, ...]] = scan.select(names).head(MOST_ROWS).collect().rows()
    return found
