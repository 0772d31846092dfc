"""Rows, columns and missing values of a table."""

from __future__ import annotations

import io

import pandas as pd
import pytest

from registry.checks import Fact
from registry.checks.tabular_facts import run


def found(content: bytes, name: str) -> tuple[dict | None, list[tuple[str, str]]]:
    file = io.BytesIO(content)
    file.name = name
    told = list(run(file))
    facts = [one.data for one in told if isinstance(one, Fact)]
    return (facts[0] if facts else None), [
        (one.severity, one.name) for one in told if not isinstance(one, Fact)
    ]


def parquet() -> bytes:
    held = io.BytesIO()
    pd.DataFrame({"age": [1, 2, None], "name": ["a", None, "c"]}).to_parquet(held)
    return held.getvalue()


def test_a_csv_is_measured():
    fact, issues = found(b"age,name\n1,a\n2,\n", "people.csv")

    assert fact == {
        "rows": 2,
        "columns": [
            {"name": "age", "type": "Int64", "missing": 0},
            {"name": "name", "type": "String", "missing": 1},
        ],
        "duplicates": 0,
    }
    assert issues == []


def test_a_parquet_file_is_measured_whatever_its_name():
    fact, issues = found(parquet(), "people")

    assert (fact["rows"], [column["missing"] for column in fact["columns"]], issues) == (3, [1, 1], [])


@pytest.mark.parametrize(
    ("content", "name", "issue"),
    [
        (b"a,b\n1,2\n1,2,3\n", "ragged.csv", ("high", "unreadable")),
        (b"PAR1 not really PAR1", "broken.parquet", ("high", "unreadable")),
        (b"a,b\n", "head.csv", ("medium", "no_rows")),
        (b"", "empty.csv", ("medium", "no_rows")),
        (b"a,b\n1,\n2,\n", "gap.csv", ("low", "empty_column b")),
        (b"a\n1\n1\n", "twice.csv", ("info", "duplicate_rows")),
    ],
)
def test_what_is_wrong_with_a_table_is_told(content, name, issue):
    assert issue in found(content, name)[1]


def test_what_is_no_table_is_left_alone():
    assert found(b"# Words\n", "README.md") == (None, [])
