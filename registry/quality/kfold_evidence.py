"""Whether a model was cross-validated in a way that says something."""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import Issue
from registry.evaluating import Evidence
from registry.evaluating.figures import folds, parts
from registry.quality import Needs, quality

FEWEST = 5
APART = ("stratified", "group", "time")


@quality(
    "Evidence of folds",
    "five folds or more, with every score (medium), split in strata, by group or by time (low); the mean "
    "with "
    "its corrected interval stands on the page of evaluations",
    "Kohavi 1995, A study of cross-validation: ten folds; five are accepted. Nadeau and Bengio 2003: the "
    "interval t · s · √(1/n + test/train)",
    about="evidence",
    reads=("training",),
)
def run(evidence: Evidence) -> Iterator[Issue | Needs]:
    known = [each for each in evidence.trainings if folds(each.data)]
    if not known:
        yield Needs("a record of training with the score of each fold", page="training")
    for statement in known:
        number, split = parts(statement.data), (statement.data.get("split") or {}).get("by")
        if number < FEWEST:
            text = f"{number} folds were declared: with fewer than {FEWEST} the spread is not known."
            yield Issue("medium", text, f"folds:{statement.key}", statement.place)
        if split is None:
            yield Needs("a record of training that says how the data was split", page="training")
        elif split not in APART:
            text = (
                f"The folds were split {'at random' if split == 'random' else 'in no way'}: split them in "
                "strata, "
                "by group or by time."
            )
            yield Issue("low", text, f"split:{statement.key}", statement.place)
