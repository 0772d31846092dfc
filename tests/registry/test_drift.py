"""How far columns have moved, from two profiles."""

from __future__ import annotations

import io
import random
from typing import Any

import polars as pl
import pytest

from registry.checks import Issue
from registry.checks import profile as check
from registry.profiles.drift import Drift, drifts
from registry.quality import QUALITY, Table
from tests.registry.checks.looking import look


def profiled(**columns: list[Any]) -> dict[str, Any]:
    buffer = io.BytesIO()
    pl.DataFrame(columns).write_parquet(buffer)
    return look(check, buffer.getvalue(), "a.parquet")[1]


def normal(seed: int, shift: float = 0.0, rows: int = 100_000) -> list[float]:
    source = random.Random(seed)
    return [source.gauss(shift, 1) for _ in range(rows)]


@pytest.fixture(scope="module")
def reference() -> dict[str, Any]:
    return profiled(score=normal(1))


@pytest.mark.parametrize(
    ("shift", "state", "low", "high"),
    [(0.02, "stable", 0.0, 0.002), (0.5, "watch", 0.19, 0.24), (1.0, "act", 0.88, 0.99)],
)
def test_shifts_of_a_hundred_thousand_rows_are_told_apart(
    reference: dict[str, Any], shift: float, state: str, low: float, high: float
) -> None:
    (found,) = drifts(profiled(score=normal(2, shift)), reference)

    assert found.state == state
    assert found.psi is not None
    assert low < found.psi < high


@pytest.mark.slow
def test_small_steps_from_what_is_in_production_add_up(reference: dict[str, Any]) -> None:
    now, before = (profiled(score=normal(2, shift)) for shift in (1.0, 0.8))

    table = Table("a.parquet", now, before=before, before_number=8, in_use=reference, in_use_number=3)
    found = QUALITY["drift"].run(table)

    [issue] = found
    assert isinstance(issue, Issue)
    assert (issue.severity, issue.name) == ("high", "production:score")
    assert issue.message.startswith("score has moved far from version 3, which is in production (PSI 0.9")


def test_few_rows_are_not_evaluated(reference: dict[str, Any]) -> None:
    assert list(drifts(profiled(score=normal(2, 3.0, rows=999)), reference)) == [
        Drift("score", needs="1,000 values in both versions, one has 999")
    ]


def test_the_shares_of_texts_are_compared_value_by_value() -> None:
    before = profiled(colour=["red"] * 800 + ["blue"] * 200)

    same, moved = (profiled(colour=["red"] * red + ["blue"] * (1000 - red)) for red in (800, 500))

    assert list(drifts(same, before)) == [Drift("colour", 0.0)]
    assert list(drifts(moved, before)) == [Drift("colour", 0.4159)]
    assert Drift("colour", 0.4159).state == "act"


def test_a_value_that_appears_is_drift() -> None:
    before, after = profiled(level=[1] * 1000 + [2] * 1000), profiled(level=[1] * 1000 + [3] * 1000)

    (found,) = drifts(after, before)

    assert found.psi == 8.5155


def test_what_became_text_cannot_be_compared(reference: dict[str, Any]) -> None:
    (found,) = drifts(profiled(score=["high", "low"] * 1000), reference)

    assert (found.psi, found.needs) == (None, "numbers, or texts of few different values, in both versions")
