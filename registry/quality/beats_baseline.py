"""Whether a model is better than its baseline by more than chance."""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import Issue
from registry.evaluating import Evidence
from registry.evaluating.figures import folds, greater_is_better
from registry.quality import Needs, quality


@quality(
    "Beats the baseline",
    "the nearer end of the corrected 95 % interval of the folds' mean is better than the baseline's score "
    "(high)",
    "Nadeau and Bengio 2003; the baseline is that of scikit-learn's DummyClassifier and DummyRegressor",
    about="evidence",
)
def run(evidence: Evidence) -> Iterator[Issue | Needs]:
    known = [
        (each, found)
        for each in evidence.trainings
        if (found := folds(each.data)) and each.data.get("baseline")
    ]
    if not known:
        yield Needs("a record of training with folds and the score of a baseline", page="training")
    for statement, found in known:
        baseline = statement.data["baseline"]
        low, high = found.interval
        better = low > baseline["score"] if greater_is_better(statement.data) else high < baseline["score"]
        if not better:
            text = (
                f"{statement.data['metric']} of {found.mean:.4g} ({low:.4g} to {high:.4g}) is not better "
                "than "
                f"{baseline['name']} with {baseline['score']:.4g}."
            )
            yield Issue("high", text, f"baseline:{statement.record}", statement.place)
