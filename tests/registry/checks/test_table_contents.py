"""Tables do not act when they are opened."""

from __future__ import annotations

import gzip
import io

import pandas
import pyarrow
import pyarrow.feather
import pyarrow.parquet
import pytest

from registry.checks import table_contents
from registry.sandbox.running import Sandbox
from tests.registry.checks.looking import look, look_in_sandbox
from tests.registry.checks.test_file_type import zipped

FRAME = pandas.DataFrame({"a": [1, -2], "b": ["=x", "-5"], "c": pandas.Categorical(["u", "v"])})


def arrow(kind: str, metadata: dict[bytes, bytes] | None = None) -> bytes:
    """A table whose first column says that it is of an extension type."""
    field = pyarrow.field("a", pyarrow.int64(), metadata=metadata)
    table = pyarrow.table([pyarrow.array([1, 2])], schema=pyarrow.schema([field]))
    sink = io.BytesIO()
    if kind == "parquet":
        pyarrow.parquet.write_table(table, sink)
    else:
        pyarrow.feather.write_feather(table, sink)
    return sink.getvalue()


@pytest.mark.parametrize("kind", ["parquet", "feather"])
def test_tables_as_pandas_writes_them_are_no_issue(kind):
    sink = io.BytesIO()
    FRAME.to_parquet(sink) if kind == "parquet" else FRAME.to_feather(sink)

    assert look(table_contents, sink.getvalue(), f"a.{kind}") == ([], {})


@pytest.mark.parametrize("kind", ["parquet", "feather"])
@pytest.mark.parametrize("name", ["a.bin", "a.parquet"])
def test_a_pickled_type_in_the_schema_is_critical(kind, name):
    held = arrow(
        kind, {b"ARROW:extension:name": b"arrow.py_extension_type", b"ARROW:extension:metadata": b"x"}
    )

    assert look(table_contents, held, name)[0] == [("critical", "python_type")]


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n-1,+2\n",
        "a;b\n=;@\n",
        "mail\n@cmd\n",
        "a,b\n-3.5,-1e9\n",
        "call,open\n1,2\n",
        "a\n'=1+1'\n",
        'a\n"-call me"\n',
    ],
)
def test_numbers_and_words_are_no_formulas(text):
    assert look(table_contents, text.encode(), "a.csv") == ([], {})


@pytest.mark.parametrize(
    "cell",
    [
        "=cmd|' /C calc'!A0",
        "@SUM(1)*cmd|'/C calc'!A0".replace("@SUM(1)*", "+"),
        '"=WEBSERVICE(""http://host/"")"',
        '=IMPORTXML("http://host","//a")',
        "-+=cmd|'/C x'!A1",
        '=DDE("cmd";"/C calc";"x")',
    ],
)
@pytest.mark.parametrize(
    "pack", [bytes, gzip.compress, lambda held: zipped(**{"a.csv": held})], ids=["plain", "gz", "zip"]
)
def test_a_formula_that_acts_is_high(cell, pack):
    held = pack(f"a,b\n1,{cell}\n".encode())

    assert look(table_contents, held, "a.csv")[0] == [("high", "formula")]


def test_a_formula_that_only_computes_is_medium():
    assert look(table_contents, b'a,b\n1,=INDIRECT("x")\n', "a.csv")[0] == [("medium", "link_formula")]


def test_in_the_sandbox(tmp_path):
    sandbox = Sandbox()

    report = look_in_sandbox(sandbox, tmp_path, b"a,b\n1,=cmd|'/C x'!A0\n", "a.csv", "table_contents")

    assert (report.outcome, [issue.name for issue in report.issues]) == ("done", ["formula"])
    sandbox.stop()


def columns(path: str) -> bytes:
    """A summary of Parquet files: where their columns lie."""
    sink, summary = io.BytesIO(), io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table({"a": [1, 2]}), sink)
    found = pyarrow.parquet.read_metadata(sink)
    found.set_file_path(path)
    found.write_metadata_file(summary)
    return summary.getvalue()


@pytest.mark.parametrize(
    ("path", "issues"),
    [("part-0.parquet", []), ("../../x.parquet", [("critical", "column_elsewhere")])],
    ids=["beside", "outside"],
)
def test_columns_lie_in_files_beside(path, issues):
    assert look(table_contents, columns(path), "_metadata")[0] == issues


@pytest.mark.parametrize("kind", ["parquet", "feather"])
def test_a_footer_that_leads_beyond_the_end_is_told(kind):
    held = arrow(kind)
    length = 8 if kind == "parquet" else 10

    huge = held[:-length] + b"\xff\xff\xff\x7f" + held[-length + 4 :]

    assert look(table_contents, huge, f"a.{kind}")[0] == [("high", "malformed")]
