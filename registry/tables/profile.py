"""What is kept of a table: rows, columns, types, what is missing, what is there twice."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from registry.tables.delimited import Shape, Unreadable, blocks, count_widths, rows, shape_of, tidy
from registry.tables.types import MISSING, Columns, of_polars

MOST_BYTES = 1 << 30  # of a text that is measured; beyond it the first part speaks for the whole
MOST_PARQUET = 256 << 20  # packed
MOST_HASHED = 30_000_000  # rows that are looked at for duplicates, 8 bytes each
MOST_LISTED = 1000
SLICE = 100_000
PARQUET = b"PAR1"


@dataclass(slots=True)
class Profile:
    """`measured` says in words what part was looked at; empty for all of it."""

    rows: int = 0
    columns: list[dict[str, Any]] = field(default_factory=list)
    width: int = 0
    duplicates: int | None = 0
    measured: str = ""
    shape: Shape | None = None

    def as_fact(self) -> dict[str, Any]:
        fact = {
            "rows": self.rows,
            "width": self.width,
            "columns": self.columns,
            "duplicates": self.duplicates,
        }
        return {**fact, "measured": self.measured} if self.measured else fact


class Hashes:
    """Rows by their hashes. Beyond so many rows nobody counts any more."""

    def __init__(self, polars: Any) -> None:
        self._polars = polars
        self._seen: list[Any] = []
        self._count = 0

    def add(self, frame: Any) -> None:
        self._count += frame.height
        if self._count <= MOST_HASHED and frame.width:
            self._seen.append(frame.hash_rows())

    def duplicates(self) -> int | None:
        """How many rows are the repetition of another one."""
        if self._count > MOST_HASHED:
            return None
        if not self._seen:
            return 0
        return int(self._count - self._polars.concat(self._seen).n_unique())


def refusals(polars: Any) -> tuple[type[BaseException], ...]:
    """What polars raises at bytes that it cannot read, or that it did not foresee."""
    return polars.exceptions.PolarsError, polars.exceptions.PanicException, OSError, ValueError


def of_text(polars: Any, file: Any, separator: str, size: int) -> Profile:
    """A CSV, TSV or the like. `Unreadable` when it is none."""
    pieces = blocks(file, MOST_BYTES)
    first = next(pieces, b"")
    if not first.strip():
        return Profile()
    shape = shape_of(first, separator)
    columns, hashes, total = Columns(polars, len(shape.header)), Hashes(polars), 0
    for piece in chain_first(first, pieces):
        count_widths(piece, shape)
        frame = read_block(polars, piece, shape, skip=shape.named and piece is first)
        columns.add(frame)
        hashes.add(frame)
        total += frame.height
    listed = [
        {"name": name[:200], "type": columns.kind(place), "missing": columns.missing[place]}
        for place, name in enumerate(shape.header)
    ]
    profile = Profile(total, listed[:MOST_LISTED], len(listed), hashes.duplicates(), shape=shape)
    if size > MOST_BYTES:
        profile.measured = f"the first {MOST_BYTES >> 20:,} MiB of {size >> 20:,} MiB"
    return profile


def chain_first(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def read_block(polars: Any, block: bytes, shape: Shape, skip: bool) -> Any:
    """A block as texts, each column by its number: names may repeat."""
    names = [str(place) for place in range(len(shape.header))]
    try:
        return polars.read_csv(
            io.BytesIO(tidy(block, shape)),
            has_header=False,
            skip_rows=1 if skip else 0,
            separator=shape.separator,
            schema=dict.fromkeys(names, polars.String),
            null_values=MISSING,
            truncate_ragged_lines=True,
            raise_if_empty=False,
        )
    except polars.exceptions.PolarsError:  # a quote inside a field that is not quoted: others read that
        return from_fields(polars, block, shape, names, skip)


def from_fields(polars: Any, block: bytes, shape: Shape, names: list[str], skip: bool) -> Any:
    """The same, slower and less strict."""
    width = len(names)
    cut = [(row + [""] * width)[:width] for row in rows(block, shape.separator) if row or width == 1]
    frame = polars.DataFrame(cut[skip:], schema=dict.fromkeys(names, polars.String), orient="row")
    return frame.with_columns(polars.all().replace(MISSING, [None] * len(MISSING)))


def of_parquet(polars: Any, file: Any, size: int) -> Profile:
    """A Parquet file: its footer tells rows and columns, however large; the data is measured if small."""
    footer = read_footer(file, size)
    try:
        schema = polars.read_parquet_schema(io.BytesIO(footer))
        rows = polars.scan_parquet(io.BytesIO(footer)).select(polars.len()).collect().item()
    except refusals(polars) as error:
        raise Unreadable("The footer of this Parquet file cannot be read: write the file again.") from error
    listed = [{"name": name[:200], "type": of_polars(dtype)} for name, dtype in schema.items()]
    profile = Profile(rows, listed[:MOST_LISTED], len(listed), None)
    if size > MOST_PARQUET:
        profile.measured = "the footer: the file is larger than 256 MiB"
    else:
        measure(polars, file, profile, list(schema))
    return profile


def read_footer(file: Any, size: int) -> bytes:
    """The footer between the format's marks, as a file without data: thrift, its length, the mark."""
    file.seek(max(0, size - 8))
    tail = file.read(8)
    length = int.from_bytes(tail[:4], "little")
    if tail[4:] != PARQUET or length > size - 12:
        raise Unreadable("This Parquet file is cut short, or encrypted: write it again, plain.")
    file.seek(size - 8 - length)
    return b"".join([PARQUET, file.read(length), tail])


def measure(polars: Any, file: Any, profile: Profile, names: list[str]) -> None:
    """Missing values and duplicates, slice by slice."""
    file.seek(0)
    table = polars.scan_parquet(io.BytesIO(file.read()))
    missing, hashes = [0] * len(names), Hashes(polars)
    try:
        for start in range(0, profile.rows, SLICE):
            frame = table.slice(start, SLICE).collect()
            missing = [total + more for total, more in zip(missing, frame.null_count().row(0), strict=True)]
            hashes.add(frame)
    except refusals(polars) as error:
        raise Unreadable("The data of this Parquet file cannot be read: write the file again.") from error
    for column, count in zip(profile.columns, missing, strict=False):
        column["missing"] = count
        if profile.rows and count == profile.rows:
            column["type"] = "empty"
    profile.duplicates = hashes.duplicates()
