"""Whether declared metrics are those that the declared confusion matrix gives."""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import Issue
from registry.evaluating import Evidence
from registry.evaluating.figures import named, of_confusion
from registry.quality import Needs, quality

APART = 0.005
OTHER_NAMES = {"sensitivity": "recall", "tpr": "recall", "tnr": "specificity", "f1_score": "f1", "f1": "f1"}


@quality(
    "Declared metrics",
    "each of accuracy, precision, recall, specificity, F1, MCC and balanced accuracy against what the four "
    "counts of the confusion matrix give: not further apart than 0.005 (high)",
    "the definitions of the metrics; the tolerance is our own, for rounding",
    about="evidence",
    reads=("evaluation",),
)
def run(evidence: Evidence) -> Iterator[Issue | Needs]:
    known = [each for each in evidence.declared if each.data.get("confusion")]
    if not known:
        yield Needs("an evaluation with its confusion matrix", page="evaluation")
    for statement in known:
        given = of_confusion(statement.data["confusion"])
        for name, value in named(statement.data).items():
            right = given.get(OTHER_NAMES.get(name, name))
            if right is not None and abs(value - right) > APART:
                text = f"{name} is declared as {value:.4g}, and its confusion matrix gives {right:.4g}."
                yield Issue("high", text, f"{name}:{statement.key}", statement.place)
