"""JSON laid out line by line; a value a line as the lines that it has."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import BinaryIO

from registry.parsers.strict_json import lenient
from registry.previews import Part, lines, preview, said
from registry.previews.text import MOST, MOST_LINES, decoded, short

LARGEST = 1 << 20


@preview("json", "jsonl", "ndjson", "geojson")
def run(file: BinaryIO) -> Iterator[Part]:
    size = file.seek(0, 2)
    file.seek(0)
    whole = size <= LARGEST and str(file.name).lower().endswith("json") and not by_line(file)
    text, cut = decoded(file.read(LARGEST if whole else MOST), size > MOST)
    shown = laid_out(text) if whole else text.splitlines()
    if not size:
        yield said("The file is empty.")
        return
    yield lines(short(shown[:MOST_LINES]), first=1)
    if not whole and size > LARGEST:
        yield said("It is larger than 1 MiB, so it is shown as it is and not laid out.")
    if (cut and not whole) or len(shown) > MOST_LINES:
        yield said("This is the beginning: the rest is in the file.")


def by_line(file: BinaryIO) -> bool:
    return str(file.name).lower().endswith((".jsonl", ".ndjson"))


def laid_out(text: str) -> list[str]:
    """As it is when it is no JSON: that is for the checks to say."""
    try:
        return json.dumps(lenient(text), indent=2, ensure_ascii=False).splitlines()
    except (ValueError, RecursionError):
        return text.splitlines()
