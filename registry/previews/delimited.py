"""The first rows of a table in text."""

from __future__ import annotations

import heapq  # noqa: F401  collections.Counter imports it when it is too late
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

from registry.previews import Part, Unfit, preview, said, table
from registry.tables.delimited import BOM, Unreadable, rows, shape_of

MOST = 256 << 10
MOST_ROWS, MOST_COLUMNS = 50, 40
SEPARATORS = {"tsv": "\t", "tab": "\t", "psv": "|"}


@preview("csv", "tsv", "tab", "psv")
def run(file: BinaryIO) -> Iterator[Part]:
    size = file.seek(0, 2)
    file.seek(0)
    block = file.read(MOST).removeprefix(BOM)
    if not block.strip():
        yield said("The file is empty.")
        return
    if size > MOST:
        block = block[: block.rfind(b"\n") + 1] or block
    ending = str(file.name).lower().rpartition(".")[2]
    try:
        shape = shape_of(block, SEPARATORS.get(ending, ""))
        found = [row for row in islice(rows(block, shape.separator), MOST_ROWS + 2) if row]
    except Unreadable as error:
        raise Unfit(str(error)) from error
    found = found[1:] if shape.named else found
    yield first_rows(shape.header, found, more=size > MOST or len(found) > MOST_ROWS)


def first_rows(head: list[str], found: list[list[str]], *, more: bool) -> Part:
    shown = [row[:MOST_COLUMNS] for row in found[:MOST_ROWS]]
    columns = f"{min(len(head), MOST_COLUMNS):,} of {len(head):,} columns"
    rows = f"The first {len(shown):,} rows" if more else f"All {len(shown):,} rows"
    return table(head[:MOST_COLUMNS], shown, f"{rows}, {columns}.")
