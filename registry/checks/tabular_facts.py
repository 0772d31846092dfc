"""Rows, columns and missing values of a table, and whether it is one at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import BinaryIO

from registry.checks import MIB, Fact, Issue, check


@check("dataset", since=date(2026, 1, 1), timeout=300, memory=2048 * MIB, libraries=["polars"])
def run(file: BinaryIO) -> Iterator[Issue | Fact]:
    raise NotImplementedError
    yield
