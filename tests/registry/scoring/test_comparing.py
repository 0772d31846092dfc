"""Two models on the same rows are told apart by the rows on which they differ."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from registry.scoring.comparing import mcnemar, paired
from registry.scoring.tables import kept

BINARY = {"task": "classification", "threshold": 0.5, "positive_place": 1}


@pytest.mark.parametrize(("this", "other"), [(0, 0), (3, 3), (12, 2), (40, 61)])
def test_mcnemar_is_the_exact_binomial_test(this: int, other: int) -> None:
    right = stats.binomtest(this, this + other, 0.5).pvalue if this + other else 1.0

    assert mcnemar(this, other) == pytest.approx(right)


def test_a_better_model_is_better_by_more_than_chance() -> None:
    random = np.random.default_rng(1)
    truth = (random.random(2000) < 0.3).astype(int)
    good, poor = (np.clip(truth * gain + random.random(2000) * 0.6, 0, 1) for gain in (0.4, 0.1))

    found = paired((BINARY, kept(truth, good)), (BINARY, kept(truth, poor)))

    right, before = ((score >= 0.5) == (truth == 1) for score in (good, poor))
    drawn = [np.mean((right * 1.0 - before)[random.integers(0, 2000, 2000)]) for _ in range(500)]
    assert found["difference"] == pytest.approx(right.mean() - before.mean())
    assert [found["low"], found["high"]] == pytest.approx(np.quantile(drawn, [0.025, 0.975]), abs=0.005)
    assert found["low"] > 0
    assert found["p"] < 1e-6


def test_numbers_are_compared_by_their_errors() -> None:
    truth = np.arange(500.0)
    model = {"task": "regression"}

    found = paired((model, kept(truth, truth + 1)), (model, kept(truth, truth + 3)))

    assert (found["metric"], found["difference"], found["high"]) == ("mae", -2.0, -2.0)


def test_other_rows_are_not_compared() -> None:
    one, other = kept(np.zeros(9), np.zeros(9)), kept(np.ones(9), np.zeros(9))

    assert paired((BINARY, one), (BINARY, other)) is None
