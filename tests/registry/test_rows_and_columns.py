"""What is judged of repeated rows, outliers, columns that carry nothing, and sources."""

from __future__ import annotations

import random
from typing import Any

import polars
import pytest
from scipy import stats

from registry.checks import Issue
from registry.evaluating.chances import chi_square_beyond
from registry.profiles.rows import Keys
from registry.quality import QUALITY, Declared, Needs, Table
from tests.registry.test_contracts import measured

Said = list[tuple[str, str] | str]


def profile(rows: list[dict[str, Any]], **declared: Any) -> dict[str, Any]:
    names = list(rows[0])
    lines = [",".join(str(row[name]) for name in names) for row in rows]
    return measured("\n".join([",".join(names), *lines, ""]).encode(), "a.csv", **declared)


def judged(check: str, rows: list[dict[str, Any]], before: Any = None, **said: Any) -> Said:
    earlier = profile(before, **said) if before else None
    table = Table("a.csv", profile(rows, **said), Declared(**said), earlier, 1 if before else None)
    found = QUALITY[check].run(table)
    return [(item.severity, item.name) if isinstance(item, Issue) else item.what for item in found]


def noise(rows: int = 400, seed: int = 1) -> list[dict[str, Any]]:
    source = random.Random(seed)
    return [{"x": round(source.gauss(0, 1), 5), "y": round(source.gauss(5, 2), 5)} for _ in range(rows)]


def test_repeated_rows_are_said() -> None:
    rows = noise()

    assert judged("duplicates", rows) == []
    assert judged("duplicates", [*rows, *rows[:3]]) == []
    assert judged("duplicates", [*rows, *rows[:8]]) == [("medium", "repeated")]


def test_a_column_with_many_outliers_is_said() -> None:
    rows = noise()

    assert judged("outliers", rows) == []
    assert judged("outliers", [*rows, *[{"x": 50, "y": 5} for _ in range(8)]]) == [("low", "column:x")]
    assert judged("outliers", [{"a": "b"}]) == ["a column of numbers whose values differ"]


def test_what_is_no_finite_number_is_said() -> None:
    rows = [{"x": each} for each in ("1.5", "inf", "-inf", "9" * 400)]

    assert judged("outliers", rows) == [("medium", "infinite:x")]


def test_columns_that_carry_nothing_are_said() -> None:
    rows = [
        {**row, "one": 7, "rare": int(place == 3), "twice": row["x"] * 2, "gap": ""}
        for place, row in enumerate(noise())
    ]

    assert judged("excess", rows) == [
        ("low", "column:one"), ("low", "column:rare"), ("low", "column:gap"), ("low", "pair:x,twice")
    ]  # fmt: skip
    assert judged("excess", rows, target="rare", group="one") == [
        ("low", "column:gap"), ("low", "pair:x,twice")
    ]  # fmt: skip
    assert judged("excess", rows[:50]) == ["100 rows"]


def from_sources(odd: float, share: int = 3, rows: int = 1500) -> list[dict[str, Any]]:
    """Three sources of two classes, 20 % positive but for the last one."""
    source = random.Random(2)
    return [
        {
            "x": row,
            "lab": "abc"[row % share],
            "ill": int(source.random() < (odd if row % share == 2 else 0.2)),
        }
        for row in range(rows)
    ]


def test_a_source_whose_classes_are_not_those_of_the_others_is_said() -> None:
    said = {"source": "lab", "target": "ill"}
    earlier = "an earlier version that was measured with its sources"

    assert judged("poisoning", from_sources(0.2), from_sources(0.2), **said) == []
    assert judged("poisoning", from_sources(0.5), from_sources(0.5), **said)[-1] == ("medium", "classes:3")
    assert judged("poisoning", from_sources(0.5), from_sources(0.5, share=2), **said) == [
        ("medium", "share:3"), ("medium", "classes:3")
    ]  # fmt: skip
    assert judged("poisoning", from_sources(0.2), **said) == [earlier]
    assert judged("poisoning", from_sources(0.2), source="lab") == [
        earlier, "a declared target of several classes, and several sources"
    ]  # fmt: skip


def test_sources_that_nobody_named_or_measured_are_not_evaluated() -> None:
    assert judged("poisoning", noise()) == ["a declared source of the rows"]
    assert list(QUALITY["poisoning"].run(Table("a.csv", {"columns": []}, Declared(source="x")))) == [
        Needs("at most 50 sources, measured since the source was declared: check the version again")
    ]


@pytest.mark.parametrize(("value", "degrees"), [(0.1, 1), (10, 3), (100, 50), (30, 60)])
def test_tails_of_chi_square_are_those_of_scipy(value: float, degrees: int) -> None:
    assert chi_square_beyond(value, degrees) == pytest.approx(stats.chi2.sf(value, degrees), rel=1e-9)


@pytest.mark.parametrize(
    ("blocks", "found"),
    [
        ([[1, 2], [3, 4]], ["id"]),
        ([[1, 3], [2, 4]], ["id"]),
        ([[1, 2], [2, 3]], []),
        ([[1, 2], [], [2, 1]], []),
        ([[1, None], [2, 3]], []),
    ],
    ids=["rising", "mixed", "twice", "twice-later", "missing"],
)
def test_a_key_has_every_value_once_over_all_blocks(blocks, found):
    keys = Keys(polars, ["id"])

    for block in blocks:
        keys.add(polars.DataFrame({"id": block}, schema={"id": polars.Int64}))

    assert keys.names() == found
