"""Large Parquet files are read row group by row group, and say the same as when they are read whole."""

from __future__ import annotations

import io
import random
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from registry.checks import Fact
from registry.checks.profile import run
from registry.profiles import sources
from registry.tables import row_groups
from registry.tables.delimited import Unreadable


def table(rows: int = 1000) -> pa.Table:
    source = random.Random(4)
    return pa.table(
        {
            "id": range(rows),
            "score": [source.gauss(0, 1) if place % 7 else None for place in range(rows)],
            "word": [source.choice(["a", "b", "c" * 40]) for _ in range(rows)],
            "list": [[place, place + 1] for place in range(rows)],
        }
    )


def content(compression: str = "snappy", **options: Any) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table(), sink, row_group_size=300, compression=compression, **options)
    return sink.getvalue()


@pytest.mark.parametrize("options", [{}, {"write_page_index": True}, {"use_dictionary": False}], ids=str)
@pytest.mark.parametrize("compression", ["snappy", "zstd", "none"])
def test_each_row_group_is_a_file_of_its_own(compression: str, options: dict[str, Any]) -> None:
    data = content(compression, **options)

    parts = [pl.read_parquet(part) for part in row_groups.files(io.BytesIO(data), len(data))]

    assert [part.height for part in parts] == [300, 300, 300, 100]
    assert pl.concat(parts).equals(pl.read_parquet(io.BytesIO(data)))


def test_a_profile_in_parts_is_the_profile_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    def profile() -> dict[str, Any]:
        file = io.BytesIO(content())
        file.name = "a.parquet"  # type: ignore[misc]
        return next(item.data for item in run(file) if isinstance(item, Fact))

    whole = profile()
    monkeypatch.setattr(sources, "MOST_PACKED", 100)
    parts = profile()

    assert (parts["rows"], parts["columns"][0], parts["duplicates"]) == (
        *(whole["rows"], whole["columns"][0], whole["duplicates"]),
    )
    assert parts["columns"][1]["missing"] == whole["columns"][1]["missing"] == 143


@pytest.mark.parametrize("cut", [1, 9, 40, 400], ids=int)
def test_a_broken_footer_is_a_sentence(cut: int) -> None:
    data = bytearray(content())
    data[-8 - cut : -8] = random.Random(cut).randbytes(cut)

    with pytest.raises(Unreadable):
        list(row_groups.files(io.BytesIO(bytes(data)), len(data)))


def test_too_large_a_group_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_groups, "LARGEST_GROUP", 100)
    data = content()

    with pytest.raises(Unreadable, match="write it with smaller ones"):
        list(row_groups.files(io.BytesIO(data), len(data)))
