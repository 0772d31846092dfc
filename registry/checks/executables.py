"""A program or a script has no place among the files of a model or a dataset. An asset may be one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import BinaryIO

from registry.checks import Issue, check
from registry.formats import ends, recognise
from registry.formats.names import EXECUTABLE


@check("model", "dataset", since=date(2026, 11, 24), timeout=30)
def run(file: BinaryIO) -> Iterator[Issue]:
    if recognise(ends(file)) in EXECUTABLE:
        yield Issue(
            "high",
            "This is a program or a script, which a model or a dataset does not need."
            " Leave it out, or push it as an asset.",
            "executable",
        )
