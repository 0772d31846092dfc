"""What is judged of declared parts, groups, times, targets and quasi-identifiers."""

from __future__ import annotations

import io
import random
from typing import Any

import polars as pl

from registry.checks import Fact, Issue
from registry.checks.profile import run
from registry.quality import QUALITY, Declared, Needs, Table, load, split_of

load()


def judged(rows: list[dict[str, Any]], check: str, **said: Any) -> list[tuple[str, str] | str]:
    """Severity and name of what a check of quality finds in a table, or what it needs."""
    buffer = io.BytesIO()
    pl.DataFrame(rows).write_parquet(buffer)
    buffer.name = "a.parquet"  # type: ignore[attr-defined]
    buffer.declared = said  # type: ignore[attr-defined]
    (fact,) = [item for item in run(buffer) if isinstance(item, Fact)]
    found = QUALITY[check].run(Table("a.parquet", fact.data, Declared(**said)))
    return [(item.severity, item.name) if isinstance(item, Issue) else item.what for item in found]


def noise(rows: int = 1000) -> list[dict[str, Any]]:
    """A table of pure noise, 5 % of it positive."""
    source = random.Random(7)
    return [{"x": source.gauss(0, 1), "y": source.gauss(0, 1), "label": row % 20 == 0} for row in range(rows)]


def folded(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    shuffled = [*rows]
    random.Random(8).shuffle(shuffled)
    return [{**row, "fold": place % 5} for place, row in enumerate(shuffled)]


def test_repeating_rare_rows_before_the_folds_are_made_is_found() -> None:
    rows = noise()
    rare = [row for row in rows if row["label"]]

    before = judged(folded([*rows, *(rare * 18)]), "train_test_overlap", split="fold")
    never = judged(folded(rows), "train_test_overlap", split="fold")

    assert before == [("high", "rows_in_several")]
    assert never == []


def test_groups_in_several_parts_are_found() -> None:
    rows = [
        {"x": number, "customer": number // 2, "part": "train" if number < 9 else "test"}
        for number in range(20)
    ]

    assert judged(rows, "group_overlap", split="part", group="customer") == [("high", "groups_in_several")]
    assert judged(rows[:8] + rows[10:], "group_overlap", split="part", group="customer") == []
    assert judged(rows, "group_overlap", split="part") == ["a declared group that is a column of the table"]


def test_training_after_the_test_begins_is_found() -> None:
    rows = [{"day": f"2026-01-{day:02d}", "part": "Train" if day < 20 else "test"} for day in range(1, 31)]
    late = [*rows, {"day": "2026-01-25", "part": "Train"}]

    assert judged(rows, "time_order", split="part", time="day") == []
    assert judged(late, "time_order", split="part", time="day") == [("medium", "time_order")]
    assert judged(rows, "time_order", split="part") == [
        "a declared time, and parts that are called train and test"
    ]


def test_a_column_that_tells_the_target_is_found() -> None:
    rows = [{**row, "leak": row["label"] * 10 + row["x"]} for row in noise()]

    assert judged(rows, "target_leakage", target="label") == [("medium", "column:leak")]
    assert judged(noise(), "target_leakage", target="label") == []
    assert judged(noise(), "target_leakage", target="x") == [
        "a target of two classes with 20 rows each, and columns of numbers"
    ]


def test_small_groups_of_quasi_identifiers_are_found() -> None:
    rows = [{"age": 30 + number // 5, "town": "Bonn"} for number in range(20)]

    assert judged(rows, "k_anonymity", quasi_identifiers=("age", "town")) == []
    assert judged(rows[1:], "k_anonymity", quasi_identifiers=("age", "town")) == [("medium", "small_groups")]
    assert judged(rows, "k_anonymity", quasi_identifiers=("age", "street")) == [("medium", "no_column")]
    assert judged(rows, "k_anonymity") == ["declared quasi-identifiers"]


def test_a_split_that_is_not_there_or_not_measured_is_never_a_pass() -> None:
    table = Table("a.csv", {"rows": 1, "columns": [{"name": "part"}]}, Declared(split="part"))

    assert judged(noise(50), "train_test_overlap", split="fold") == [("medium", "no_split")]
    assert judged(noise(50), "train_test_overlap") == ["a declared split"]
    assert judged(noise(60), "train_test_overlap", split="x") == ["a split of at most 50 parts"]
    assert split_of(table) == Needs("columns measured since the split was declared: check the version again")
