"""How many different values there are: counted exactly while they are few, estimated beyond that."""

from __future__ import annotations

import polars as pl
import pytest

from registry.profiles.distinct import Distinct
from registry.profiles.making import Sample


def number(*blocks: pl.Series) -> tuple[int, bool]:
    distinct = Distinct(pl)
    for block in blocks:
        distinct.add(block)
    return distinct.number, distinct.exact


def test_few_values_are_counted() -> None:
    assert number(pl.Series([1, 1, None, 2]), pl.Series([2, 3])) == (3, True)


@pytest.mark.parametrize("many", [6_000, 50_000, 400_000])
def test_many_values_are_estimated_within_three_standard_errors(many: int) -> None:
    blocks = [pl.Series(range(start, min(start + 20_000, many))) for start in range(0, many, 20_000)]

    found, exact = number(*blocks, blocks[0])

    assert not exact
    assert abs(found - many) < 3 * 0.0163 * many


def test_a_sample_keeps_the_order_and_is_blind_to_what_comes_in_turns() -> None:
    sample = Sample(pl, 1)
    for start in range(0, 2_000_000, 100_000):
        sample.add(pl.DataFrame({"x": range(start, start + 100_000)}))

    places = sample.frame().get_column("x")

    assert places.is_sorted()
    assert 200_000 < len(places) <= 400_000
    assert sample.share == 0.125
    assert abs((places % 2).mean() - 0.5) < 0.01
    assert abs((places % 8).mean() - 3.5) < 0.03
