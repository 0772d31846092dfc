"""Rare classes that became frequent where nothing may be resampled."""

from __future__ import annotations

import pytest

from registry.checks import Issue
from registry.evaluating.chances import is_unlikely, tail
from registry.quality import Declared, Needs, Table
from registry.quality.fold_prevalence import run

RAW = {"columns": [{"name": "label", "held": 10_000, "values": [[0, 9_500], [1, 500]], "other_values": 0}]}


def judged(
    classes: list[list[object]], before: dict[str, object] | None = RAW
) -> list[tuple[str, str] | str]:
    profile = {"rows": 1000, "columns": [{"name": "fold"}, {"name": "label"}]}
    profile["parts"] = {"rows_in_several": {"number": 0, "rows": 0}, "classes": classes}
    table = Table("a.csv", profile, Declared(target="label", split="fold"), before, 1)
    return [(item.severity, item.name) if isinstance(item, Issue) else item.what for item in run(table)]


@pytest.mark.parametrize(
    ("least", "rows", "share", "chance"), [(1, 2, 0.5, 1.0), (2, 2, 0.5, 0.25), (3, 3, 0.1, 0.001)]
)
def test_the_tail_of_a_binomial_distribution_is_exact(
    least: int, rows: int, share: float, chance: float
) -> None:
    assert tail(least, rows, share) == pytest.approx(chance)


def test_two_in_a_thousand_may_be_eleven_of_two_thousand() -> None:
    assert [is_unlikely(found, 2000, 0.002) for found in (4, 11, 12)] == [False, False, True]


def test_a_fold_that_was_resampled_before_the_split_is_found() -> None:
    assert judged([["0", "0", 500], ["0", "1", 500], ["1", "0", 952], ["1", "1", 48]]) == [
        ("medium", "part:1")
    ]


def test_the_training_part_may_be_resampled() -> None:
    assert judged([["Train", "0", 500], ["Train", "1", 500], ["test", "0", 949], ["test", "1", 51]]) == []


def test_without_the_raw_prevalence_it_is_not_evaluated() -> None:
    assert judged([["test", "0", 1], ["test", "1", 1]], before=None) == [
        "an earlier version whose target has classes of ten rows or more: the raw prevalence"
    ]
    assert list(run(Table("a.csv", {"columns": []}))) == [Needs("a declared split", page="declaration")]
