"""Whether a model is better than its baseline by more than chance."""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import Issue
from registry.evaluating import Evidence, Statement
from registry.evaluating.figures import folds, greater_is_better
from registry.quality import Needs, quality


@quality(
    "Beats the baseline",
    "the nearer end of the 95 % interval is better than the baseline (high): of the folds' mean, corrected, "
    "against the declared baseline; of what was evaluated here, balanced accuracy or RMSE against always "
    "saying the same",
    "Nadeau and Bengio 2003; the baseline is that of scikit-learn's DummyClassifier and DummyRegressor",
    about="evidence",
    reads=("training",),
)
def run(evidence: Evidence) -> Iterator[Issue | Needs]:
    known = [
        (each, found)
        for each in evidence.trainings
        if (found := folds(each.data)) and each.data.get("baseline")
    ]
    scored = [each for each in evidence.evaluations if each.evaluated]
    if not known and not scored:
        yield Needs("an evaluation here, or a record of training with folds and a baseline", page="evaluate")
    for each in scored:
        yield from of_evaluated(each)
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
            yield Issue("high", text, f"baseline:{statement.key}", statement.place)


def of_evaluated(statement: Statement) -> Iterator[Issue]:
    name = "rmse" if statement.data.get("task") == "regression" else "balanced_accuracy"
    ends, baseline = statement.data["intervals"].get(name), statement.data["baseline"].get(name)
    if ends is None or baseline is None:
        return
    low, high = ends
    if not (high < baseline if name == "rmse" else low > baseline):
        text = (
            f"{name} of {statement.data['metrics'][name]:.4g} ({low:.4g} to {high:.4g}) is not better than "
            f"always saying the same, with {baseline:.4g}."
        )
        yield Issue("high", text, f"baseline:{statement.key}", statement.place)
