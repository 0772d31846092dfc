"""Metrics are those of scikit-learn, and intervals hold what they should."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from sklearn import metrics as theirs

from registry.scoring import measuring, resampling


def two_classes() -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(1)
    truth = random.random(3000) < 0.2
    return truth, np.clip(truth * 0.25 + random.random(3000) * 0.6, 0, 1).round(3)


def test_metrics_of_two_classes() -> None:
    truth, score = two_classes()

    found = measuring.two_classes(truth, score, 0.5, chances=True)

    said = score >= 0.5
    assert found["metrics"] == pytest.approx(
        {
            "accuracy": theirs.accuracy_score(truth, said),
            "precision": theirs.precision_score(truth, said),
            "recall": theirs.recall_score(truth, said),
            "specificity": theirs.recall_score(~truth, ~said),
            "f1": theirs.f1_score(truth, said),
            "mcc": theirs.matthews_corrcoef(truth, said),
            "balanced_accuracy": theirs.balanced_accuracy_score(truth, said),
            "roc_auc": theirs.roc_auc_score(truth, score),
            "pr_auc": theirs.average_precision_score(truth, score),
            "log_loss": theirs.log_loss(truth, score),
            "brier": theirs.brier_score_loss(truth, score),
            "ece": found["metrics"]["ece"],
        }
    )


def test_metrics_of_several_classes() -> None:
    random = np.random.default_rng(2)
    chances = random.dirichlet(np.ones(4), 2000)
    truth = np.array([random.choice(4, p=row) for row in chances])

    found = measuring.several(truth, chances.argmax(axis=1), chances, 4)["metrics"]

    said = chances.argmax(axis=1)
    assert found == pytest.approx(
        {
            "accuracy": theirs.accuracy_score(truth, said),
            "recall": theirs.recall_score(truth, said, average="macro"),
            "balanced_accuracy": theirs.balanced_accuracy_score(truth, said),
            "precision": theirs.precision_score(truth, said, average="macro"),
            "f1": theirs.f1_score(truth, said, average="macro"),
            "mcc": theirs.matthews_corrcoef(truth, said),
            "log_loss": theirs.log_loss(truth, chances),
            "brier": np.mean(np.sum((chances - np.eye(4)[truth]) ** 2, axis=1)),
            "roc_auc": theirs.roc_auc_score(truth, chances, multi_class="ovr"),
            "ece": found["ece"],
        }
    )
    assert found["ece"] < 0.05


def test_metrics_of_numbers() -> None:
    random = np.random.default_rng(3)
    truth = random.normal(size=500)
    said = truth + random.normal(size=500) * 0.3

    found = measuring.numbers(truth, said)["metrics"]

    assert found == pytest.approx(
        {
            "mae": theirs.mean_absolute_error(truth, said),
            "rmse": theirs.root_mean_squared_error(truth, said),
            "r2": theirs.r2_score(truth, said),
            "pinball_10": theirs.mean_pinball_loss(truth, said, alpha=0.1),
            "pinball_50": theirs.mean_pinball_loss(truth, said, alpha=0.5),
            "pinball_90": theirs.mean_pinball_loss(truth, said, alpha=0.9),
        }
    )


def test_intervals_of_grouped_rows_are_those_of_rows() -> None:
    truth, score = two_classes()
    said = score >= 0.5
    random = np.random.default_rng(4)
    drawn = [random.integers(0, len(truth), len(truth)) for _ in range(500)]
    rows = {
        "roc_auc": [measuring.Ranking.of(truth[each], score[each]).roc_auc() for each in drawn],
        "recall": [np.mean(said[each][truth[each]]) for each in drawn],
        "brier": [np.mean((score[each] - truth[each]) ** 2) for each in drawn],
    }

    found = resampling.of_two_classes(truth, score, 0.5, chances=True, random=np.random.default_rng(5))

    for name, values in rows.items():
        low, high = np.quantile(values, [0.025, 0.975])
        assert found[name] == pytest.approx([low, high], abs=0.2 * (high - low))


def test_no_wrong_row_promises_no_more_than_there_are_rows() -> None:
    truth = np.arange(50) < 20

    found = resampling.of_two_classes(truth, truth * 1.0, 0.5, chances=True, random=np.random.default_rng(5))

    exact = stats.binomtest(20, 20).proportion_ci(0.95, method="exact")
    assert found["recall"] == pytest.approx([exact.low, 1.0])


def test_an_all_negative_classifier_has_no_precision_and_no_mcc() -> None:
    truth = np.arange(1000) < 2

    found = measuring.two_classes(truth, np.zeros(1000), 0.5, chances=True)

    assert found["metrics"]["accuracy"] == 0.998
    assert {"precision", "mcc"}.isdisjoint(found["metrics"])
    assert measuring.baseline_of_classes(truth.astype(int), 2)["accuracy"] == 0.998
