"""Whether the search for parameters saw the folds that judge it."""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import Issue
from registry.evaluating import Evidence
from registry.quality import Needs, quality


@quality(
    "Nested search",
    "the outer folds were never seen by the search for parameters (medium)",
    "Cawley and Talbot 2010, On over-fitting in model selection",
    about="evidence",
    reads=("training",),
)
def run(evidence: Evidence) -> Iterator[Issue | Needs]:
    known = [each for each in evidence.trainings if each.data.get("search")]
    if not known:
        yield Needs("a record of training that says how parameters were searched for", page="training")
    for statement in known:
        if not statement.data["search"]["nested"]:
            text = (
                "The search for parameters saw the folds that judge it: their scores are too good. Nest it."
            )
            yield Issue("medium", text, f"search:{statement.key}", statement.place)
