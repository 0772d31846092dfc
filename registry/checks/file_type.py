"""What a file is, by its bytes against its name: nothing dangerous under an innocent name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import BinaryIO

from registry.checks import Fact, Issue, check


@check("model", "dataset", "asset", since=date(2026, 1, 1))
def run(file: BinaryIO) -> Iterator[Issue | Fact]:
    raise NotImplementedError
    yield
