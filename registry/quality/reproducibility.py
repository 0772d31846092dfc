"""Whether what is declared comes out when the model is scored here on the same data."""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import Issue
from registry.evaluating import Evidence, Statement
from registry.evaluating.figures import named
from registry.quality import Needs, quality
from registry.quality.declared_metrics import OTHER_NAMES
from registry.thresholds import threshold

APART = threshold(__name__, "apart", 0.005, "how far a declared metric may be from the evaluated one")
BY_THRESHOLD = frozenset({"accuracy", "precision", "recall", "specificity", "f1", "mcc", "balanced_accuracy"})


@quality(
    "Reproducibility of declared metrics",
    "each declared metric against the same one evaluated here on the same data, by its digest: not further "
    "apart than 0.005, of values above one 0.5 % (high). Where a threshold is declared, only at the same one",
    "Pineau and others 2021, Improving reproducibility in machine learning research; the tolerance is ours, "
    "for rounding",
    about="evidence",
    reads=("evaluation",),
)
def run(evidence: Evidence) -> Iterator[Issue | Needs]:
    if not evidence.declared:
        yield Needs("a declared evaluation", page="evaluation")
    for declared in evidence.declared:
        same = [
            each for each in evidence.evaluations if each.evaluated and each.digest == declared.digest != ""
        ]
        if not same:
            yield Needs(f"an evaluation here on the data of {declared.place}", page="evaluate")
        elif not any(comparable(declared, each) for each in same):
            yield Needs(f"an evaluation here at the threshold of {declared.place}", page="evaluate")
        known: set[str] = set()
        for each in same:  # the newest first: of each metric the newest that means the same counts
            yield from compared(declared, each, APART.of(evidence), known)


def comparable(declared: Statement, found: Statement) -> list[str]:
    """Metrics that both have, and that mean the same."""
    here, said = named(found.data), named(declared.data)
    other = declared.data.get("threshold", found.data.get("threshold")) != found.data.get("threshold")
    names = [name for name in said if OTHER_NAMES.get(name, name) in here]
    return [name for name in names if not (other and OTHER_NAMES.get(name, name) in BY_THRESHOLD)]


def compared(declared: Statement, found: Statement, apart: float, known: set[str]) -> Iterator[Issue]:
    """Metrics that a newer evaluation says nothing of: one at another threshold hides none before it."""
    here, said = named(found.data), named(declared.data)
    names = [name for name in comparable(declared, found) if name not in known]
    known.update(names)
    for name in names:
        right = here[OTHER_NAMES.get(name, name)]
        if abs(said[name] - right) > apart * max(1.0, abs(right)):
            text = (
                f"{name} is declared as {said[name]:.4g} and cannot be reproduced: {found.place}, on the "
                f"same data, gives {right:.4g}."
            )
            yield Issue("high", text, f"{name}:{declared.key}", declared.place)
