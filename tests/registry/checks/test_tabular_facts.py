"""Rows, columns, types, missing values and duplicates of a table, and whether it is one at all."""

from __future__ import annotations

import gzip
import io
from datetime import datetime
from typing import Any

import pandas as pd
import pytest

from registry.checks import Fact, Issue
from registry.checks.tabular_facts import run
from registry.tables import delimited, profile


def look(content: bytes, name: str) -> tuple[dict[str, Any] | None, list[Issue]]:
    file = io.BytesIO(content)
    file.name = name
    told = list(run(file))
    facts = [item.data for item in told if isinstance(item, Fact)]
    return (facts[0] if facts else None), [item for item in told if isinstance(item, Issue)]


def found(content: bytes, name: str) -> list[tuple[str, str]]:
    return [(issue.severity, issue.name) for issue in look(content, name)[1]]


def parquet(frame: pd.DataFrame) -> bytes:
    held = io.BytesIO()
    frame.to_parquet(held)
    return held.getvalue()


PEOPLE = pd.DataFrame(
    {
        "age": [1, 2, 3],
        "name": ["a", None, "c"],
        "since": [datetime(2024, 1, 1)] * 3,
        "gone": pd.array([None] * 3, dtype="Int64"),
    }
)


def test_a_csv_is_measured() -> None:
    fact, issues = look(b"age,name\n1,a\n2,\n", "people.csv")

    assert fact == {
        "rows": 2,
        "width": 2,
        "columns": [
            {"name": "age", "type": "integer", "missing": 0},
            {"name": "name", "type": "text", "missing": 1},
        ],
        "duplicates": 0,
    }
    assert issues == []


def test_a_parquet_file_is_measured_whatever_its_name() -> None:
    fact, issues = look(parquet(PEOPLE), "people")

    assert fact == {
        "rows": 3,
        "width": 4,
        "columns": [
            {"name": "age", "type": "integer", "missing": 0},
            {"name": "name", "type": "text", "missing": 1},
            {"name": "since", "type": "time", "missing": 0},
            {"name": "gone", "type": "empty", "missing": 3},
        ],
        "duplicates": 0,
    }
    assert [(issue.severity, issue.name) for issue in issues] == [("low", "empty_column:gone")]


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["1", "-2", "007"], "integer"),
        (["1", "2.5", "1e3"], "number"),
        (["true", "False"], "boolean"),
        (["2024-01-31", "2024-02-01"], "date"),
        (["2024-01-31T10:00:00Z", "2024-01-31 10:00"], "time"),
        (["1", "x"], "text"),
        (["NA", "", "null"], "empty"),
    ],
)
def test_the_type_is_the_narrowest_that_all_values_are(values: list[str], kind: str) -> None:
    fact, _ = look(("a,b\n" + "".join(f"{value},x\n" for value in values)).encode(), "t.csv")

    assert fact is not None
    assert fact["columns"][0]["type"] == kind


@pytest.mark.parametrize(
    ("content", "name", "issues"),
    [
        (b"a,b\n1,2\n3,4,5\n", "ragged.csv", [("medium", "ragged_rows")]),
        (b'a,b\n1,2\n"3,4\n', "quote.csv", [("medium", "ragged_rows")]),
        ("a,b\n1,2\n".encode("utf-16"), "wide.csv", [("high", "unreadable")]),
        (b"PAR1 not really PAR1", "broken.parquet", [("high", "unreadable")]),
        (parquet(PEOPLE)[:-20], "cut.parquet", [("high", "unreadable")]),
        (b"", "none.parquet", [("high", "unreadable")]),
        (b"a,b\n", "head.csv", [("medium", "no_rows")]),
        (b"", "empty.csv", [("medium", "no_rows")]),
        (b"a,b\n1,\n2,\n", "gap.csv", [("low", "empty_column:b")]),
        (b"a,a\n1,2\n", "names.csv", [("medium", "duplicate_columns")]),
        (b"a,b\n1,2\n1,2\n", "twice.csv", [("info", "duplicate_rows")]),
        (b"1,2\n3,4\n", "bare.csv", [("low", "no_header")]),
        (b"a,b\nstra\xdfe,1\n", "old.csv", [("low", "not_utf8")]),
        (gzip.compress(b"a,b\n1,2\n")[:-9], "cut.csv.gz", [("high", "unreadable")]),
        (b"\x1f\x8b\x08" + bytes(7) + b"\xff" * 9, "broken.csv.gz", [("high", "unreadable")]),
    ],
)
def test_what_is_wrong_with_a_table_is_told(content: bytes, name: str, issues: list[tuple[str, str]]) -> None:
    assert found(content, name) == issues


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"a;b\n1;x\n2;y\n", "semicolons.csv"),
        (b"a\tb\n1\tx\n", "tabs.tsv"),
        (b'a,b\n"x, ""y""\nz",1\n', "quoted.csv"),
        (b"\xef\xbb\xbfa,b\r\n1,2\r\n\r\n3,4\r\n", "windows.csv"),
        (b'a,b\n5" pipe,6\n', "inches.csv"),
        (b"a\n1\n\n3\n", "one-column.csv"),
        (gzip.compress(b"a,b\n1,2\n"), "packed.csv.gz"),
        (parquet(PEOPLE.drop(columns="gone")), "people.parquet"),
    ],
)
def test_a_good_table_has_nothing_to_be_said_about(content: bytes, name: str) -> None:
    assert found(content, name) == []


@pytest.mark.parametrize("name", ["README.md", "notes.txt", "model.pkl", "data.json"])
def test_what_is_no_table_is_left_alone(name: str) -> None:
    assert look(b"# Words, and more\n", name) == (None, [])


def test_the_row_that_differs_is_named() -> None:
    _, [issue] = look(b"a,b\n1,2\n3,4,5\n6\n", "ragged.csv")

    assert issue.place == "row 3"
    assert issue.message == (
        "Row 3 has 3 fields, the first row 2, and one more row differs: quote or escape separators."
    )


def test_no_value_is_quoted_when_the_header_is_missing() -> None:
    fact, issues = look(b"ann@example.org,1\nbob@example.org,2\n", "people.csv")

    assert "example.org" not in f"{fact} {issues}"


def test_blocks_end_between_records(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "BLOCK", 64)
    content = b"number,text\n" + b"".join(b'%d,"line\n%d"\n' % (n, n) for n in range(100))

    fact, issues = look(content, "long.csv")

    assert fact is not None
    assert (fact["rows"], fact["duplicates"], issues) == (100, 0, [])


def test_duplicates_are_found_across_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "BLOCK", 64)

    fact, _ = look(b"a,b\n" + b"1,x\n2,y\n" * 100, "twice.csv")

    assert fact is not None
    assert fact["duplicates"] == 198


def test_of_a_long_text_the_first_part_is_measured_and_the_fact_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(delimited, "BLOCK", 1 << 10)
    monkeypatch.setattr(profile, "MOST_BYTES", 1 << 20)

    fact, _ = look(b"a,b\n" + b"".join(b"%09d,x\n" % n for n in range(200_000)), "long.csv")

    assert fact is not None
    assert fact["measured"] == "the first 1 MiB of 2 MiB"
    assert 80_000 < fact["rows"] < 100_000


def test_of_a_large_parquet_file_the_footer_is_read_and_the_fact_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(profile, "MOST_PARQUET", 10)

    fact, issues = look(parquet(PEOPLE), "people.parquet")

    assert fact is not None
    assert (fact["rows"], fact["duplicates"], issues) == (3, None, [])
    assert fact["measured"] == "the footer: the file is larger than 256 MiB"


def test_a_quote_that_is_never_closed_ends_the_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "BLOCK", 64)
    monkeypatch.setattr(delimited, "LARGEST_RECORD", 256)

    _, [issue] = look(b'a,b\n1,"' + b"x\n" * 1000, "quote.csv")

    assert issue.message == "A quote is opened and not closed within 32 MiB: close it, or double it."


def test_of_many_columns_the_first_thousand_are_listed() -> None:
    names = ",".join(f"c{number}" for number in range(1500))

    fact, _ = look(f"{names}\n{','.join(['1'] * 1500)}\n".encode(), "wide.csv")

    assert fact is not None
    assert (fact["width"], len(fact["columns"])) == (1500, 1000)
