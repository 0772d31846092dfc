"""Metrics over versions: where the marks lie and what the picture says."""

from __future__ import annotations

import pytest

from registry.presenting.charts import chart, charts, known, scale, series
from tests import factories

THIS = {3: "this", 1: "production"}


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ([0.5, 0.75], [0.5, 0.6, 0.7, 0.8]),
        ([-3.0, 12.0], [-5.0, 0.0, 5.0, 10.0, 15.0]),
        ([1e-9, 2e-9], [1e-9, 1.5e-9, 2e-9]),
    ],
)
def test_lines_are_round_figures_around_all_values(values, ticks):
    assert scale(values) == pytest.approx(ticks)


@pytest.mark.parametrize("values", [[1.0, 1.0], [0.0, 0.0], [-1e299, 1e299], [5e-324, 0.0], [1e300, 1e-300]])
def test_lines_lie_around_odd_values_too(values):
    ticks = scale(values)

    assert ticks[0] <= min(values)
    assert ticks[-1] >= max(values)
    assert ticks[0] < ticks[-1]
    assert len(ticks) <= 7


def test_the_highest_value_lies_above_the_lowest():
    drawn = chart("f1", [(1, 0.5), (2, 0.6), (3, 0.8)], THIS)

    assert [(point.number, point.y, point.kind) for point in drawn.points] == [
        (1, 132.0, "production"),
        (2, 92.0, "other"),
        (3, 12.0, "this"),
    ]
    assert drawn.title == "f1 is 0.8 in version 3, 0.5 in version 1, which is in production."


def test_marked_versions_stay_however_old():
    rows = [(number, {"f1": number / 100}) for number in range(1, 40)]

    assert [number for number, _ in series("f1", rows, THIS)] == [1, 3, *range(28, 40)]


@pytest.mark.django_db
def test_versions_that_one_may_not_see_are_not_drawn(artifact, author, reader):
    first, second = (
        factories.submitted(artifact, author, metrics={"f1": value, "loss": 1e308}) for value in (0.5, 0.6)
    )

    drawn = charts(second, None, known(author, second))

    assert [[point.number for point in each.points] for each in drawn] == [[1, 2]]
    assert known(reader, second) == {2: second.metrics}
    assert charts(first, None, known(author, first)) == []
