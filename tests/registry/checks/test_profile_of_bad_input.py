"""Whatever a table holds: a profile or a sentence, never a traceback."""

from __future__ import annotations

import gzip
import io
from typing import Any

import polars as pl
import pytest

from registry.checks import profile as check
from registry.profiles.columns import FAR_AWAY
from registry.profiles.sources import MIXED, NO_LINES, TOO_LARGE
from tests.registry.checks.looking import look

FAR = 1 << 62
"""Microseconds after 1970: in the year 148,108."""


def looked(content: bytes, name: str = "a.csv") -> dict[str, Any]:
    return look(check, content, name)[1]


def only(content: bytes, name: str = "a.csv") -> dict[str, Any]:
    """The one column of a table."""
    (column,) = looked(content, name)["columns"]
    return column


def lines(*values: str) -> bytes:
    return "\n".join(["x", *values, ""]).encode()


def parquet(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("content", [b"", b"\n", b"x\n"])
def test_tables_without_rows_have_an_empty_profile(content: bytes) -> None:
    told = looked(content)

    assert (told["rows"], told["duplicates"], told["keys"], told["near"]) == (0, 0, [], {"rows": 0})


def test_one_row_is_measured() -> None:
    column = only(lines("3.5"))

    assert (column["type"], column["mean"], column["deviation"], column["quantiles"][0]) == (
        "number",
        3.5,
        None,
        3.5,
    )


def test_nan_and_infinity_are_counted_and_left_out() -> None:
    column = only(
        parquet(pl.DataFrame({"x": [1.0, 2.0, float("nan"), float("inf"), float("-inf"), None]})), "a.parquet"
    )

    assert (column["not_numbers"], column["infinite"], column["missing"]) == (1, 2, 1)
    assert (column["least"], column["most"], column["mean"], column["held"]) == (1, 2, 1.5, 2)


def test_a_constant_column_has_no_outliers_and_no_robust_score() -> None:
    column = only(lines(*["7"] * 50))

    assert column["distinct"] == {"number": 1, "exact": True}
    assert column["outliers"] == {"tukey": 0, "robust": None, "of": 50}
    assert (column["values"], column["histogram"]["counts"]) == ([[7, 50]], [50])


def test_numbers_of_too_many_digits_are_counted_as_infinite() -> None:
    column = only(lines("1" * 5000, "2"))

    assert (column["type"], column["infinite"], column["most"]) == ("number", 1, 2)


def test_numbers_beyond_64_bits_are_measured() -> None:
    column = only(lines(str(2**70), "1"))

    assert (column["type"], column["most"]) == ("integer", float(f"{2**70:.9g}"))


def test_a_number_of_33_million_digits_is_a_sentence() -> None:
    sentence = "A quote is opened and not closed within 32 MiB: close it, or double it."

    assert looked(b"x\n" + b"1" * (33 << 20) + b"\n1\n") == {"not_evaluated": sentence}


def test_days_before_1900_are_days() -> None:
    column = only(lines("1815-12-10", "0001-01-01"))

    assert (column["type"], column["least"], column["most"]) == ("date", "0001-01-01", "1815-12-10")


def test_a_day_that_is_none_makes_texts() -> None:
    assert only(lines("2026-02-30", "2026-02-28"))["type"] == "text"


def test_other_encodings_are_a_sentence_or_measured() -> None:
    assert looked("x\nä\n".encode("utf-16")) == {
        "not_evaluated": "This text is not in UTF-8: save it in UTF-8."
    }
    assert only("x\nä\n".encode("latin-1"))["lengths"]["most"] == 1


def test_ragged_rows_are_measured_as_far_as_they_go() -> None:
    told = looked(b"a,b\n1,2\n3\n4,5,6\n")

    assert [(column["name"], column["missing"]) for column in told["columns"]] == [("a", 0), ("b", 1)]


def test_ten_thousand_columns_are_counted_and_a_thousand_measured() -> None:
    header = ",".join(f"c{number}" for number in range(10_000))
    row = ",".join(["1"] * 10_000)
    told = looked(f"{header}\n{row}\n{row}\n".encode())

    assert (told["width"], len(told["columns"]), told["duplicates"]) == (10_000, 1_000, 1)
    assert told["near"] == {"not_evaluated": "needs columns that hold single values"}


def test_nested_columns_are_named_and_their_missing_values_counted() -> None:
    frame = pl.DataFrame({"id": [1, 2, 3], "tags": [["a"], None, []], "at": [{"x": 1}, {"x": 2}, None]})
    told = looked(parquet(frame), "a.parquet")

    assert [(column["name"], column["missing"]) for column in told["columns"]] == [
        ("id", 0),
        ("tags", 1),
        ("at", 1),
    ]
    assert (told["keys"], told["duplicates"]) == (["id"], 0)


def test_types_that_change_far_down_are_widened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.profiles.sources.BLOCK", 1 << 12)
    rows = [f"{number},,{number}" for number in range(5000)]
    rows[4000], rows[4500] = "1.5,filled,word", "1,filled,2"
    told = looked("\n".join(["a,b,c", *rows, ""]).encode())

    assert [(column["name"], column["type"], column["missing"]) for column in told["columns"]] == [
        ("a", "number", 0),
        ("b", "text", 4998),
        ("c", "text", 0),
    ]


def test_keys_of_objects_that_appear_later_are_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.profiles.sources.BLOCK", 1 << 10)
    told = looked(b'{"a": 1}\n' * 500 + b'{"a": 2.5, "b": "x\\"y"}\n' * 500, "a.jsonl")

    assert [(column["name"], column["type"], column["missing"]) for column in told["columns"]] == [
        ("a", "number", 0),
        ("b", "text", 500),
    ]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.parquet", b"PAR1 nothing", "This Parquet file cannot be read: write the file again."),
        ("a.arrow", b"ARROW1 nothing", "This Arrow file cannot be read: write the file again."),
        ("a.xlsx", b"PK nothing", "This workbook cannot be read: save it again, or save it as CSV."),
        ("a.jsonl", b"[1, 2]\n", "Some line is not a JSON object: write one object on each line."),
        ("a.jsonl", b'{"a": NaN}\n{"a": x}\n', NO_LINES),
        ("a.jsonl", b'{"a": 1}\n{"a": 1e999999999}\n', TOO_LARGE),
        ("a.jsonl", b'{"a": ' + b"9" * 10_000 + b"}\n", TOO_LARGE),
        ("a.jsonl", b'{"a": 1}\n{"a": {"b": 2}}\n', MIXED),
        ("a.parquet", parquet(pl.DataFrame({"d": [FAR]}, schema={"d": pl.Datetime("us")})), FAR_AWAY),
        (
            "a.csv.gz",
            gzip.compress(b"x\n1\n")[:-9],
            "This gzip file cannot be unpacked to its end: pack it again.",
        ),
    ],
)
def test_broken_files_say_what_to_do(name: str, content: bytes, sentence: str) -> None:
    assert looked(content, name) == {"not_evaluated": sentence}


def test_days_that_nobody_can_name_are_a_finding_in_parquet_too() -> None:
    frame = pl.DataFrame({"d": [FAR]}, schema={"d": pl.Datetime("us")})

    assert look(check, parquet(frame), "a.parquet")[0] == [("high", "unreadable")]


def test_values_of_few_rows_are_not_kept() -> None:
    column = only(lines(*["often"] * 10, *["seldom"] * 9))

    assert (column["values"], column["other_values"]) == ([["often", 10]], 9)


def test_rows_that_are_nearly_the_same_are_found() -> None:
    words = [f"word{number}" for number in range(30)]
    rows = [" ".join(words), " ".join([*words[:29], "other"]), " ".join(words), "something else"]
    told = looked(lines(*rows))

    assert (told["duplicates"], told["near"]) == (1, {"rows": 1})
