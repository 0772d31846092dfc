"""Files sealed as the storage seals them, and models that answer them."""

from __future__ import annotations

import csv
import io
import os
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import joblib
import pytest

from registry.crypto import Sealer
from registry.scoring.running import Opened, Scorer

Score = Callable[..., dict[str, Any]]


@pytest.fixture
def score(scorer: Scorer, tmp_path: Path) -> Score:
    """Have a model answer a table; its target is the column `target`."""

    def run(
        model: Any,
        table: bytes,
        /,
        *,
        path: str = "t.csv",
        name: str = "m.joblib",
        beside: str = "",
        **asked: Any,
    ) -> Any:
        content = model if isinstance(model, bytes) else dumped(model)
        one, other = opened(tmp_path, content, name, beside), opened(tmp_path, table, path)
        with one.sealed, other.sealed:
            return scorer.score(one, other, {"target": "target", **asked}, lambda rows: None)

    return run


def opened(folder: Path, content: bytes, path: str, beside: str = "") -> Opened:
    file = (folder / secrets.token_hex(4)).open("w+b", buffering=0)
    key = os.urandom(32)
    sealer = Sealer(file, key, b"a-blob")
    sealer.write(content)
    sealer.close()
    return Opened(file, key, "a-blob", path, len(content), beside)


def dumped(model: Any) -> bytes:
    sink = io.BytesIO()
    joblib.dump(model, sink)
    return sink.getvalue()


def written(rows: Sequence[Sequence[Any]], truth: Sequence[Any]) -> bytes:
    """Features f0, f1, … and a target as CSV."""
    sink = io.StringIO()
    writer = csv.writer(sink)
    writer.writerow([*(f"f{place}" for place in range(len(rows[0]))), "target"])
    writer.writerows([*row, answer] for row, answer in zip(rows, truth, strict=True))
    return sink.getvalue().encode()
