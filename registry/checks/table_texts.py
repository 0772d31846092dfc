"""Formulas among the texts of Parquet and Arrow tables, which act once somebody saves them for a spreadsheet.

Source: OWASP "CSV Injection". Delimited text is looked at as it is written, by `table_contents`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, BinaryIO

from registry.checks import MIB, Issue, check, library
from registry.checks.table_contents import CALLS, calling, plain

PARQUET, ARROW, STREAM = b"PAR1", b"ARROW1", b"\xff\xff\xff\xff"
BEGINS = r"^[\s\p{Cf}'\"]*[=+@\-\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}]"
ROWS = 16_384  # at a time, of texts that are short
AT_ONCE = 64 * MIB
TEXTS = frozenset({"STRING", "JSON"})
LONGEST = 1000  # characters of a cell that are looked at


@check(
    *("dataset", "asset"),
    since=date(2026, 11, 28),
    timeout=300,
    memory=2048 * MIB,
    libraries=["pyarrow", "pyarrow.parquet", "pyarrow.compute"],
)
def run(file: BinaryIO) -> Iterator[Issue]:
    file.seek(0)
    begins = file.read(6)
    file.seek(0)
    if not begins.startswith((PARQUET, ARROW, STREAM)):
        return
    pyarrow = library("pyarrow")
    wrong = (pyarrow.ArrowException, OSError, ValueError)
    try:
        found = batches(pyarrow, file, begins)
    except wrong:
        return  # that it is no table is told by other checks
    try:
        for name, texts in columns(pyarrow, found):
            if acts(texts):
                yield calling(name)
                return
    except wrong:
        said = "Its texts cannot be read, so that nobody can tell what is among them: write the table again."
        yield Issue("high", said, "unreadable_texts")


def columns(pyarrow: Any, found: Iterator[Any]) -> Iterator[tuple[str, Any]]:
    for batch in found:
        for field, values in zip(batch.schema, batch.columns, strict=True):
            for found in within(pyarrow.types, values):
                yield field.name, found


def batches(pyarrow: Any, file: BinaryIO, begins: bytes) -> Iterator[Any]:
    if begins.startswith(PARQUET):
        return of_parquet(library("pyarrow.parquet").ParquetFile(file))
    if begins.startswith(STREAM):
        return iter(pyarrow.ipc.open_stream(file))
    reader = pyarrow.ipc.open_file(file)
    return map(reader.get_batch, range(reader.num_record_batches))


def of_parquet(table: Any) -> Iterator[Any]:
    """Of texts alone, beside which there may be pictures, and few rows at a time where they are long."""
    kinds = [table.schema.column(place).logical_type.type for place in range(len(table.schema))]
    places = [place for place, kind in enumerate(kinds) if kind in TEXTS]
    paths = [table.schema.column(place).path for place in places]
    for number in range(table.num_row_groups if places else 0):
        group = table.metadata.row_group(number)
        size = sum(group.column(place).total_uncompressed_size for place in places)
        rows = max(1, min(ROWS, AT_ONCE * group.num_rows // max(size, 1)))
        yield from table.iter_batches(rows, row_groups=[number], columns=paths)


def within(types: Any, values: Any) -> Iterator[Any]:
    """The texts of a column: its own, those of its categories, and those of lists and tables in it."""
    kind = values.type
    if types.is_string(kind) or types.is_large_string(kind):
        yield values
    elif types.is_dictionary(kind):
        yield from within(types, values.dictionary)
    elif types.is_list(kind) or types.is_large_list(kind) or types.is_map(kind):
        yield from within(types, values.items if types.is_map(kind) else values.flatten())
    elif types.is_struct(kind):
        for part in values.flatten():
            yield from within(types, part)


def acts(texts: Any) -> bool:
    """What begins like a formula is looked at once, however often it stands there."""
    compute = library("pyarrow.compute")
    cells = compute.utf8_slice_codeunits(texts, 0, LONGEST)
    found = cells.filter(compute.match_substring_regex(cells, BEGINS)).unique()
    return any(CALLS.search(plain(cell.encode())) for cell in found.to_pylist() if cell)
