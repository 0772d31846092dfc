"""What is judged of declared parts, groups, times, targets and quasi-identifiers."""

from __future__ import annotations

import io
import random
from typing import Any

import polars as pl
import pytest

from registry.checks import Fact, Issue
from registry.checks.profile import run
from registry.quality import QUALITY, Declared, Needs, Table, load_all, split_of

load_all()


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


def test_parts_of_another_population_are_found() -> None:
    """A shift of half a standard deviation gives about 0.62, one of 1.2 about 0.8."""
    source = random.Random(9)
    rows = [
        {"x": source.gauss(0, 1), "y": source.gauss(0, 1), "part": part}
        for part in ("train", "test")
        for _ in range(1000)
    ]

    def moved(by: float) -> list[dict[str, Any]]:
        return [{**row, "x": row["x"] + by * (row["part"] == "test")} for row in rows]

    found = [judged(moved(by), "population_match", split="part") for by in (0, 0.5, 1.2)]
    assert found == [[], [("medium", "part:1")], [("high", "part:1")]]
    assert judged(rows[900:1100], "population_match", split="part") == [
        "a declared split of 2 to 10 parts with 200 rows each, measured since"
    ]


def test_rows_nearly_the_same_in_another_part_are_found() -> None:
    words = [f"w{number}" for number in range(30)]
    texts = [" ".join([*words[:20], f"note{number}", *words[20:]]) for number in (1, 2)]
    other = [{"text": f"a{number} b{number} c{number}", "part": "train"} for number in range(50)]
    apart = [*other, {"text": texts[0], "part": "train"}, {"text": texts[1], "part": "test"}]
    together = [*other, {"text": texts[0], "part": "test"}, {"text": texts[1], "part": "test"}]

    assert judged(apart, "train_test_overlap", split="part") == [("medium", "near_in_several")]
    assert judged(together, "train_test_overlap", split="part") == []


def interpolated(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """As SMOTE does: as many again as make both classes equal, each between a rare row and a neighbour."""
    source, rare = random.Random(5), [row for row in rows if row["label"]]
    names = [name for name in rows[0] if name != "label"]
    made = []
    for _ in range(len(rows) - 2 * len(rare)):
        one = source.choice(rare)
        near = sorted(rare, key=lambda row: sum((row[name] - one[name]) ** 2 for name in names))[1:6]
        other, share = source.choice(near), source.random()
        made.append({**one, **{name: one[name] + share * (other[name] - one[name]) for name in names}})
    return [*rows, *made]


def test_rows_made_between_others_are_found_before_the_split_and_not_in_the_training_part() -> None:
    source = random.Random(3)
    rows = [{**row, "z": source.gauss(0, 1)} for row in noise(600)]
    made = interpolated(rows)
    inside = [
        {**row, "part": "train" if place < 400 or place >= 600 else "test"} for place, row in enumerate(made)
    ]
    rounded = [
        {name: value if name == "label" else round(value, 3) for name, value in row.items()} for row in made
    ]
    few = "a target of two classes, and 20 rows of one with three columns of unrounded numbers"

    assert judged(made, "synthetic_rows", target="label") == [("medium", "interpolated")]
    assert judged(rows, "synthetic_rows", target="label") == []
    assert judged(inside, "synthetic_rows", target="label", split="part") == []
    assert judged(rounded, "synthetic_rows", target="label") == [few]


def written(**columns: list[str]) -> list[dict[str, Any]]:
    """Rows of two sources, each with a column of its own in turn."""
    (name, (one, other)) = next(iter(columns.items()))
    return [
        {name: value, "from": source, "customer": place}
        for source, value in (("crm", one), ("shop", other))
        for place in range(20)
    ]


@pytest.mark.parametrize(
    ("kind", "one", "other", "found"),
    [
        ("phone DE", "030 90261", "030 90262", []),
        ("phone DE", "030 90261", "+49 30 90261", ["apart"]),
        ("phone US", "(00) 555-5555", "+00 555 5555", ["valid", "apart"]),
        ("date", "2026-01-31", "1999-12-01", []),
        ("date", "2026-01-31", "31.1.2026", ["apart"]),
        ("date", "2026-02-31", "2026-02-31", ["valid"]),
        ("date", "31 Jan 2026", "2 Dec 2026", []),
        ("currency", "EUR", "USD", []),
        ("currency", "€ 1,234.50", "€ 12.50", []),
        ("currency", "€ 1.234,50", "€ 1,234.50", ["apart"]),
        ("currency", "EUX", "EUX", ["valid"]),
        ("country", "DE", "FR", []),
        ("country", "DE", "Germany", ["valid", "apart"]),
        ("unit", "12 kg", "1,250.5 kg", []),
        ("unit", "12 kg", "7 kg", []),
        ("unit", "12 kg", "26 lb", ["apart"]),
        ("unit", "12", "7", ["valid"]),
    ],
)
def test_what_sources_write_in_two_ways_is_found(kind: str, one: str, other: str, found: list[str]) -> None:
    rows = written(value=[one, other])

    said = judged(rows, "phone_consistency", source="from", formats=(f"value: {kind}",))

    assert said == [("high", f"{name}:value") for name in found]


def test_formats_are_judged_where_they_are_declared_and_measured() -> None:
    rows = written(value=["030 90261", "+49 30 90262"])
    conflict = judged(rows, "phone_consistency", group="customer", formats=("value: phone DE",))

    assert conflict == [("medium", "conflict:value"), "a declared source of the rows"]
    assert judged(rows, "phone_consistency", formats=("other: date",)) == [
        "a declared column that is in this table"
    ]
    assert judged(rows, "phone_consistency") == [
        "columns that are declared as phone, date, currency, country or unit"
    ]


def test_ten_classes_of_a_tenth_each_are_balanced() -> None:
    rows = [{"x": place, "label": f"c{place % 10}"} for place in range(1000)]

    assert judged(rows, "imbalance", target="label") == []
    assert judged([*rows[::10] * 9, *rows], "imbalance", target="label") == [("info", "imbalance")]
