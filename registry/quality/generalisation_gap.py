"""Whether a model is much better on what it was trained on."""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import Issue, Severity
from registry.evaluating import Evidence
from registry.evaluating.figures import gap
from registry.quality import Needs, quality
from registry.thresholds import threshold

WATCH = threshold(__name__, "watch", 0.05, "how much better the training part may be")
ACT = threshold(__name__, "act", 0.10, "how much better the training part is before it is high")


@quality(
    "Generalisation gap",
    "mean score on the training part less that on the part that was held out, of scores between 0 and 1: "
    "above "
    "0.05 medium, above 0.10 high (our own thresholds)",
    "Hastie, Tibshirani and Friedman 2009, The elements of statistical learning, 7.4: optimism of the "
    "training error",
    about="evidence",
    reads=("training",),
)
def run(evidence: Evidence) -> Iterator[Issue | Needs]:
    known = [(each, apart) for each in evidence.trainings if (apart := gap(each.data)) is not None]
    if not known:
        yield Needs("a record of training with both scores of each fold", page="training")
    for statement, apart in known:
        scores = [fold[name] for fold in statement.data["folds"] for name in ("score", "training_score")]
        if not all(0 <= score <= 1 for score in scores):
            yield Needs("scores between 0 and 1")
        elif apart > WATCH.of(evidence):
            severity: Severity = "high" if apart > ACT.of(evidence) else "medium"
            text = (
                f"{statement.data['metric']} is {apart:.3f} better on the training part than on the part "
                "that was "
                "held out: it knows its rows by heart."
            )
            yield Issue(severity, text, f"gap:{statement.key}", statement.place)
