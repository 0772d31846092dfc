"""Schemas of streams: Avro (`.avsc`) and JSON Schema (`.schema.json`), read strictly.

What it says of fields is kept; the check of quality `schema_compat` compares it with all earlier versions.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import BinaryIO

from registry.checks import MIB, Fact, Issue, check
from registry.streams.reading import LARGEST, Unsound, form_of, read


@check("asset", "dataset", since=date(2026, 11, 28), timeout=60, memory=256 * MIB, may_be_spared=True)
def run(file: BinaryIO) -> Iterator[Issue | Fact]:
    form = form_of(str(file.name))
    if not form:
        return
    file.seek(0)
    content = file.read(LARGEST + 1)
    try:
        if len(content) > LARGEST:
            raise Unsound("A schema has at most 128 KiB: cut it into several.")
        yield Fact(read(form, content))
    except Unsound as error:
        yield Issue("high", str(error), "unsound")
