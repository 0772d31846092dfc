"""A notebook cell by cell: prose, code and what it wrote. HTML and scripts in it stay unread."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from registry.parsers.strict_json import lenient
from registry.previews import Part, Unfit, lines, preview, prose, said
from registry.previews.text import short

LARGEST = 32 << 20
MOST_CELLS, MOST_LINES, MOST_OUTPUT = 60, 120, 30
NO_NOTEBOOK = "This file is no notebook: it is not the JSON that Jupyter writes."
COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


@preview("ipynb")
def run(file: BinaryIO) -> Iterator[Part]:
    size = file.seek(0, 2)
    file.seek(0)
    if size > LARGEST:
        raise Unfit("This notebook is larger than 32 MiB: fetch it to look inside.")
    try:
        found = lenient(file.read().decode("utf-8", "replace"))
    except ValueError as error:
        raise Unfit(NO_NOTEBOOK) from error
    cells = found.get("cells") if isinstance(found, dict) else None
    if not isinstance(cells, list):
        raise Unfit(NO_NOTEBOOK)
    for cell in cells[:MOST_CELLS]:
        yield from of_cell(cell if isinstance(cell, dict) else {})
    if len(cells) > MOST_CELLS:
        yield said(f"And {len(cells) - MOST_CELLS:,} more cells.")


def of_cell(cell: dict[str, Any]) -> Iterator[Part]:
    text = source(cell.get("source"))
    if cell.get("cell_type") == "markdown":
        yield prose(text[:MOST_LINES])
        return
    count = cell.get("execution_count")
    label = f"In [{count}]" if isinstance(count, int) else "In"
    yield lines(short(text[:MOST_LINES]), label if cell.get("cell_type") == "code" else "Raw")
    outputs = cell.get("outputs")
    for output in outputs[:5] if isinstance(outputs, list) else []:
        yield from of_output(output if isinstance(output, dict) else {})


def of_output(output: dict[str, Any]) -> Iterator[Part]:
    data = output.get("data")
    data = data if isinstance(data, dict) else {}
    if "traceback" in output:
        yield written(output["traceback"], "Error", "\n")
    elif "text" in output:
        yield written(output["text"], "Out")
    elif "text/plain" in data:
        yield written(data["text/plain"], "Out")
    if any(str(kind).startswith("image/") for kind in data):
        yield said("A picture that this cell drew is not shown.")


def written(text: Any, label: str, between: str = "") -> Part:
    found = [COLOURS.sub("", line) for line in source(text, between)]
    more = [f"… {len(found) - MOST_OUTPUT:,} more lines"] if len(found) > MOST_OUTPUT else []
    return lines(short(found[:MOST_OUTPUT]) + more, label)


def source(value: Any, between: str = "") -> list[str]:
    """A text, or a list of its lines."""
    text = between.join(map(str, value)) if isinstance(value, list) else str(value or "")
    return text.splitlines()
