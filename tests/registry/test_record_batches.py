"""Large Arrow files are read batch by batch, and say the same as when they are read whole."""

from __future__ import annotations

import io
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.ipc
import pytest

from registry.profiles import sources
from registry.profiles.sources import source_of
from registry.tables import record_batches
from registry.tables.delimited import Unreadable
from tests.registry.test_row_groups import table


def content(form: str = "file", compression: str | None = None) -> bytes:
    words = table().append_column("kind", pa.array(["a", "b"] * 500).dictionary_encode())
    sink = io.BytesIO()
    options = pa.ipc.IpcWriteOptions(compression=compression)
    make = pa.ipc.new_file if form == "file" else pa.ipc.new_stream
    with make(sink, words.schema, options=options) as writer:
        writer.write_table(words, max_chunksize=300)
    return sink.getvalue()


@pytest.mark.parametrize("form", ["file", "stream"])
@pytest.mark.parametrize("compression", [None, "zstd"], ids=["plain", "packed"])
def test_each_batch_is_a_stream_of_its_own(form: str, compression: str | None) -> None:
    data = content(form, compression)
    whole = pl.read_ipc if form == "file" else pl.read_ipc_stream

    parts = [pl.read_ipc_stream(part) for part in record_batches.streams(io.BytesIO(data), len(data))]

    assert [part.height for part in parts] == [300, 300, 300, 100]
    assert pl.concat(parts).equals(whole(io.BytesIO(data)))


def read(data: bytes) -> list[int]:
    source = source_of(__import__, io.BytesIO(data), "a.arrow", len(data))
    assert source is not None
    return [block.height for block in source.blocks(None)]


def test_a_large_file_is_read_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MOST_PACKED", 1000)

    assert read(content()) == [300, 300, 300, 100]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data[: len(data) // 2],
        lambda data: data[:8] + b"\x10\0\0\0" + data[12:],
        lambda data: data[:8] + b"\xff" * 8 + data[16:],
        lambda data: data[:8],
        lambda data: data[:16] + b"\xff" * 40 + data[56:],
    ],
    ids=["cut", "an old form", "a negative length", "nothing", "another head"],
)
def test_what_is_no_such_file_is_a_sentence(spoil: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MOST_PACKED", 4)

    with pytest.raises(Unreadable, match="Arrow file"):
        read(spoil(content()))
