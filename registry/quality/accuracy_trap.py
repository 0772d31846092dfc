"""Whether an evaluation of rare classes hides behind its accuracy."""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import Issue
from registry.evaluating import Evidence, Statement
from registry.evaluating.chances import tail
from registry.evaluating.figures import binary, named
from registry.quality import Needs, quality

RARE = 0.20
SIGNIFICANT = 0.05
TELLING = ("mcc", "f1", "recall", "sensitivity", "pr_auc", "average_precision", "balanced_accuracy")


@quality(
    "Accuracy trap",
    "where the rarer class has less than 20 % of the rows: one of recall, F1, MCC, PR-AUC or balanced "
    "accuracy "
    "is declared, and accuracy is above the share of the larger class (no-information rate; one-sided exact "
    "binomial test, p < 0.05). Otherwise high",
    "Kuhn and Johnson 2013, Applied predictive modeling, 16; caret's confusionMatrix",
    about="evidence",
    reads=("evaluation",),
)
def run(evidence: Evidence) -> Iterator[Issue | Needs]:
    known = [(each, found) for each in evidence.evaluations if (found := binary(each.data))]
    if not known:
        yield Needs("an evaluation with its confusion matrix, or its rows and positives", page="evaluation")
    for statement, found in known:
        if found.share < RARE:
            yield from of_rare(statement, found.rows, found.rarer)


def of_rare(statement: Statement, rows: int, rarer: int) -> Iterator[Issue]:
    metrics, place = named(statement.data), statement.place
    if not any(name in metrics for name in TELLING):
        text = (
            f"{rarer:,} of {rows:,} rows are of the rarer class, and no metric here looks at it: declare "
            "recall, "
            "F1, MCC or PR-AUC."
        )
        yield Issue("high", text, f"untold:{statement.key}", place)
    accuracy = metrics.get("accuracy")
    if accuracy is None:
        return
    larger = (rows - rarer) / rows
    chance = tail(round(min(max(accuracy, 0.0), 1.0) * rows), rows, larger)
    if chance >= SIGNIFICANT:
        said = "less than" if accuracy < larger else "what"
        text = (
            f"An accuracy of {accuracy:.4g} is {said} always saying the larger class gives ({larger:.4g}; "
            f"p = {chance:.2g} over {rows:,} rows): it says nothing about the {rarer:,} rows of the other."
            + finds_none(statement)
        )
        yield Issue("high", text, f"no_information:{statement.key}", place)


def finds_none(statement: Statement) -> str:
    """What becomes of the other metrics where one class is always said."""
    confusion = statement.data.get("confusion")
    if not confusion or (confusion["true_positives"] and confusion["true_negatives"]):
        return ""
    name = "specificity" if confusion["true_positives"] else "recall"
    return f" It finds none of them: {name} 0, MCC 0."
