"""Texts in Parquet and Arrow are no formulas that act."""

from __future__ import annotations

import io

import pandas
import pyarrow
import pyarrow.parquet
import pytest

from registry.checks import profile, table_texts
from registry.sandbox.running import Sandbox
from tests.registry.checks.looking import look, look_in_sandbox

ACTING = [("high", "formula")]


def saved(kind: str, texts: list[str | None], *, as_category: bool = False) -> bytes:
    column = pandas.Series(texts, dtype="category" if as_category else "object")
    sink = io.BytesIO()
    frame = pandas.DataFrame({"number": range(len(texts)), "text": column})
    frame.to_parquet(sink) if kind == "parquet" else frame.to_feather(sink)
    return sink.getvalue()


@pytest.mark.parametrize("kind", ["parquet", "feather"])
@pytest.mark.parametrize("as_category", [False, True])
def test_a_formula_that_calls_is_told_wherever_it_stands(kind, as_category):
    content = saved(kind, ["fine", None, "=cmd|' /C calc'!A0", "fine"], as_category=as_category)

    assert look(table_texts, content, f"a.{kind}")[0] == ACTING


@pytest.mark.parametrize("cell", ["\u200b\uff1dcmd|' /C calc'!A0", '@WEBSERVICE("http://host/")'])
def test_signs_that_a_spreadsheet_takes_for_its_own_count(cell):
    assert look(table_texts, saved("parquet", [cell]), "a.parquet")[0] == ACTING


@pytest.mark.parametrize(
    ("held", "kind"),
    [
        (["fine", "=cmd|' /C calc'!A0"], None),
        ({"a": {"b": '=WEBSERVICE("http://host/")'}}, None),
        ([("k", "=DDE(1)")], pyarrow.map_(pyarrow.string(), pyarrow.string())),
    ],
    ids=["list", "table", "map"],
)
def test_texts_within_others_are_looked_at(held, kind):
    sink = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table({"held": pyarrow.array([held], kind)}), sink)

    assert look(table_texts, sink.getvalue(), "a.parquet")[0] == ACTING


def test_pictures_beside_texts_are_not_read_and_long_texts_a_few_at_a_time(monkeypatch):
    monkeypatch.setattr(table_texts, "AT_ONCE", 40)
    pictures = [{"bytes": b"=cmd|' /C calc'!A0", "path": f"{number:09}.png"} for number in range(5)]
    sink = io.BytesIO()
    pyarrow.parquet.write_table(
        pyarrow.table({"image": pictures}), sink, compression="none", use_dictionary=False
    )

    read = [*table_texts.of_parquet(pyarrow.parquet.ParquetFile(sink))]

    assert sum(batch.num_rows for batch in read) == 5
    assert len(read) > 1
    assert {str(batch.schema.field("image").type) for batch in read} == {"struct<path: string>"}


def test_texts_that_cannot_be_read_are_told():
    places, texts = pyarrow.py_buffer(b"\0\0\0\0\1\0\0\0"), pyarrow.py_buffer(b"\xff")
    bad = pyarrow.Array.from_buffers(pyarrow.string(), 1, [None, places, texts])
    sink = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table({"text": bad}), sink)

    assert look(table_texts, sink.getvalue(), "a.parquet")[0] == [("high", "unreadable_texts")]


def test_categories_with_missing_values_are_no_reason_to_hold_a_table_up():
    content = saved("feather", ["a", None], as_category=True)

    issues, fact = look(profile, content, "a.feather")
    assert (issues, "categories" in fact["not_evaluated"]) == ([("medium", "unreadable")], True)


@pytest.mark.parametrize("content", [b"PAR1", b"a,b\n=cmd|'/C x'!A0,1\n", b""])
def test_what_is_no_such_table_is_told_by_others(content):
    assert look(table_texts, content, "a.parquet") == ([], {})


def test_other_texts_are_let_be_in_the_sandbox_too(tmp_path):
    content = saved("parquet", ["-1", "=x", "@mara", "+49 30 1234", "a = cmd | sort", "- buy milk", ""])
    sandbox = Sandbox()

    report = look_in_sandbox(sandbox, tmp_path, content, "a.parquet", "table_texts")

    assert (report.outcome, [*report.issues]) == ("done", [])
    sandbox.stop()
