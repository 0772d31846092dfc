"""Figures that checks of operation judge by, against references that others worked out."""

from __future__ import annotations

from math import pi, sin, sqrt
from random import Random

import networkx
import pytest
from scipy import stats

from registry.operating import chances, money, seasons
from registry.operating.graphs import cutting

SEASON = [float(10 + 3 * (place % 4) + place * 0.5 + (5 if place == 9 else 0)) for place in range(16)]
# statsmodels 0.15.0: STL(SEASON, period=4).fit().resid
RESIDUALS = [
    -0.1591952299,
    0.0768712576,
    0.0088268582,
    0.2186595521,
    0.2684731271,
    -0.9179007861,
    0.0822630309,
    -0.3184736271,
    -0.5414314618,
    2.6372439432,
    -0.6753292587,
    -0.3981276007,
    0.3350901273,
    -1.2907853936,
    0.4767359805,
    0.3931581909,
]


def test_what_is_left_of_a_series_is_what_statsmodels_leaves() -> None:
    assert seasons.residuals(tuple(SEASON), 4) == pytest.approx(RESIDUALS, abs=1e-9)


def test_where_most_are_alike_the_mean_deviation_takes_the_place_of_the_median() -> None:
    assert seasons.robust_z([0.0] * 9 + [1.0], 1.0)[-1] == pytest.approx(1 / (1.253314 * 0.1))
    assert seasons.robust_z([1.0, 2.0, 3.0, 4.0, 100.0], 100.0)[-1] == pytest.approx(0.6745 * 97)
    assert set(seasons.robust_z([1e-17, -1e-17, 0.0, 3e-17], 50.0)) == {0.0}


def test_a_canary_is_no_worse_by_the_z_test_with_one_more_of_each() -> None:
    one, other = 13 / 5002, 11 / 5002
    error = sqrt(one * (1 - one) / 5002 + other * (1 - other) / 5002)

    found = chances.no_worse(12, 5000, 10, 5000, 0.005)

    assert found == pytest.approx(stats.norm.cdf((2 / 5000 - 0.005) / error), rel=1e-9)
    assert chances.no_worse(0, 10, 0, 10, 0.005) > 0.05  # nothing of ten proves nothing


def test_a_split_is_as_planned_by_chi_square() -> None:
    found = chances.split_as_planned(5000, 5250, 0.5)

    assert found == pytest.approx(stats.chisquare([5000, 5250]).pvalue, rel=1e-9)
    assert round(found, 4) == 0.0135


def test_two_shares_differ_as_scipy_says() -> None:
    z, chance = chances.two_shares(120, 1000, 90, 1000)

    table = stats.chi2_contingency([[120, 880], [90, 910]], correction=False)
    assert (z * z, chance) == (pytest.approx(table.statistic), pytest.approx(table.pvalue))
    assert chances.two_shares(0, 10, 0, 10) == (0.0, 1.0)


def test_units_are_those_of_fleiss() -> None:
    assert chances.units_needed(0.6, 0.1, 0.05, 0.8) == 356  # 0.6 and 0.7: 356, without continuity
    assert chances.units_needed(0.05, 0.99, 0.05, 0.8) is None


@pytest.mark.parametrize("seed", range(20), ids=str)
def test_what_cuts_a_network_is_what_networkx_finds(seed: int) -> None:
    drawn = networkx.gnm_random_graph(12, 13, seed=seed)
    graph = {str(node): {str(other) for other in drawn[node]} for node in drawn}

    assert cutting(graph) == sorted(map(str, networkx.articulation_points(drawn)))


def test_a_chain_of_10000_is_cut_without_end() -> None:
    last = 9_999
    chain = {str(n): {str(m) for m in (n - 1, n + 1) if 0 <= m <= last} for n in range(last + 1)}

    assert len(cutting(chain)) == last - 1


def test_money_of_later_years_is_worth_less() -> None:
    here = {
        "capex": 1000, "residual": 100, "kw": 1, "pue": 1.5, "price_per_kwh": 0.1,
        "staff_per_year": 200, "maintenance_per_year": 50,
    }  # fmt: skip
    there = {"hours_per_year": 1000, "per_hour": 2, "egress_per_year": 10, "management_per_year": 20}
    yearly = 1.5 * 8760 * 0.1 + 250

    assert money.on_premises(here, 0.1, 2) == pytest.approx(1000 + yearly / 1.1 + yearly / 1.21 - 100)
    assert money.cloud(there, 0.0, 3) == 3 * 2030
    assert money.break_even(here, there, 0.0, 1) == pytest.approx((900 + yearly) / (2 * 8760))
    assert money.break_even(here, {**there, "per_hour": 0}, 0.0, 1) is None


@pytest.mark.slow
def test_a_thousand_values_are_taken_apart_in_time() -> None:
    random = Random(7)
    values = tuple(sin(2 * pi * place / 168) + random.gauss(0, 1) for place in range(1000))

    assert len(seasons.residuals(values, 168)) == 1000
