"""Rows of a table, block by block: columns of numbers, and columns of words.

A small CSV file is read by Python's own reader, in a hundredth of a second; a large one, and Parquet, by
pyarrow, which is imported only then.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any, BinaryIO

import numpy as np

from registry.checks import MIB, library
from registry.scoring import SMALL, Unfit

Array = Any  # of numpy
Column = Array | list[str | None]
Block = dict[str, Column]
ROWS = 8192
MOST_COLUMNS = 10_000
MISSING = frozenset({"", "NA", "N/A", "NaN", "nan", "null", "NULL", "None"})
UNREADABLE = "The table cannot be read: it is damaged, or a column changes from numbers to words half-way."

FAR_AWAY = "The table cannot be read: some day or moment lies before the year 1 or after the year 9999."


class Source:
    """`names` of all columns; `words` are those that are not numbers."""

    names: list[str]
    words: set[str]

    def blocks(self, columns: Sequence[str]) -> Iterator[Block]:
        raise NotImplementedError


def source(file: BinaryIO, words: Sequence[str]) -> Source:
    """`words`: columns that are taken as words whatever they look like."""
    path = str(file.name).lower()
    if path.endswith(".parquet"):
        found: Source = Parquet(file, words)
    elif size(file) <= SMALL:
        found = Small(file, "\t" if path.endswith(".tsv") else ",", words)
    else:
        found = Large(file, "\t" if path.endswith(".tsv") else ",", words)
    if len(found.names) > MOST_COLUMNS:
        raise Unfit(f"The table has {len(found.names):,} columns; {MOST_COLUMNS:,} are read here.")
    if len(set(found.names)) < len(found.names):
        raise Unfit("The table has two columns of one name.")
    return found


def size(file: BinaryIO) -> int:
    found = file.seek(0, 2)
    file.seek(0)
    return found


class Small(Source):
    """All of it at once."""

    def __init__(self, file: BinaryIO, delimiter: str, words: Sequence[str]) -> None:
        try:
            text = file.read().decode("utf-8-sig")
            rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row]
        except (UnicodeDecodeError, csv.Error):
            raise Unfit("The table cannot be read: it is no CSV file in UTF-8.") from None
        if not rows:
            raise Unfit("The table is empty.")
        self.names = rows[0]
        if any(len(row) != len(self.names) for row in rows):
            raise Unfit("The table cannot be read: its rows have different numbers of columns.")
        listed = list(zip(*rows[1:], strict=True)) or [()] * len(self.names)
        self._columns: Block = {
            name: as_words(values) if name in words else as_numbers(values)
            for name, values in zip(self.names, listed, strict=True)
        }
        self.words = {name for name, column in self._columns.items() if isinstance(column, list)}
        self._rows = len(rows) - 1

    def blocks(self, columns: Sequence[str]) -> Iterator[Block]:
        for start in range(0, self._rows, ROWS):
            yield {name: self._columns[name][start : start + ROWS] for name in columns}


def as_words(values: Sequence[str]) -> list[str | None]:
    return [None if value in MISSING else value for value in values]


def as_numbers(values: Sequence[str]) -> Column:
    """As numbers where all are; else as words."""
    with suppress(ValueError):
        return np.array(list(map(float, values)))
    try:
        return np.array([np.nan if value in MISSING else float(value) for value in values], dtype="f8")
    except ValueError:
        return as_words(values)


class Arrow(Source):
    """What pyarrow reads."""

    def _shape(self, schema: Any, words: Sequence[str]) -> None:
        types = library("pyarrow").types
        self.names = list(schema.names)
        plain = (types.is_integer, types.is_floating, types.is_decimal)
        self.words = {
            field.name
            for field in schema
            if field.name in words or not any(test(field.type) for test in plain)
        }

    def _block(self, batch: Any, columns: Sequence[str]) -> Block:
        return {name: self._column(batch.column(name), name in self.words) for name in columns}

    def _column(self, values: Any, is_words: bool) -> Column:
        if is_words:
            try:
                return [None if value is None else str(value) for value in values.to_pylist()]
            except (ValueError, OverflowError):
                raise Unfit(FAR_AWAY) from None
        found: Array = values.cast(library("pyarrow").float64(), safe=False).to_numpy(zero_copy_only=False)
        return found


class Parquet(Arrow):
    def __init__(self, file: BinaryIO, words: Sequence[str]) -> None:
        arrow = library("pyarrow")
        try:
            self._file = library("pyarrow.parquet").ParquetFile(file)
        except (arrow.ArrowException, OSError):
            raise Unfit("The table cannot be read: it is no Parquet file, or a damaged one.") from None
        self._shape(self._file.schema_arrow, words)

    def blocks(self, columns: Sequence[str]) -> Iterator[Block]:
        arrow = library("pyarrow")
        try:
            for batch in self._file.iter_batches(ROWS, columns=list(columns), use_threads=False):
                yield self._block(batch, columns)
        except (arrow.ArrowException, OSError):
            raise Unfit(UNREADABLE) from None


class Large(Arrow):
    """CSV in blocks; what a column is, its first block says."""

    def __init__(self, file: BinaryIO, delimiter: str, words: Sequence[str]) -> None:
        self._file, self._delimiter = file, delimiter
        with self._reader({}) as first:
            self._shape(first.schema, words)

    def _reader(self, types: dict[str, Any]) -> Any:
        arrow, reading = library("pyarrow"), library("pyarrow.csv")
        self._file.seek(0)
        try:
            return reading.open_csv(
                Kept(self._file),
                read_options=reading.ReadOptions(use_threads=False, block_size=2 * MIB),
                parse_options=reading.ParseOptions(delimiter=self._delimiter),
                convert_options=reading.ConvertOptions(
                    column_types=types,
                    include_columns=list(types),
                    null_values=sorted(MISSING),
                    strings_can_be_null=True,
                ),
            )
        except (arrow.ArrowException, OSError):
            raise Unfit(UNREADABLE) from None

    def blocks(self, columns: Sequence[str]) -> Iterator[Block]:
        arrow = library("pyarrow")
        types = {name: arrow.string() if name in self.words else arrow.float64() for name in columns}
        try:
            with self._reader(types) as reader:
                for batch in reader:
                    for start in range(0, batch.num_rows, ROWS):
                        yield self._block(batch.slice(start, ROWS), columns)
        except (arrow.ArrowException, OSError):
            raise Unfit(UNREADABLE) from None


class Kept(io.BufferedIOBase):
    """A file that stays open when its reader is closed."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        return self._file.read(-1 if size is None else size)
