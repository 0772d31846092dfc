"""Whether a model is served what it was trained on."""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import Issue
from registry.operating import Operation
from registry.operating.moved import Moved, moved
from registry.quality import Needs, operation
from registry.thresholds import threshold

MOST = threshold(__name__, "most", 0.10, "PSI of a column in training and in serving, below", most=10)


@operation(
    "Skew between training and serving",
    "PSI of each column of what is served against what was trained on, measured here where both are "
    "registered, else as declared: below 0.10 (high); needs 1,000 values on both sides",
    "Breck and others 2017, The ML test score: training and serving features are not skewed; the threshold "
    "is the convention of credit scoring",
    reads=("served",),
    of=("model", "dataset"),
)
def run(known: Operation) -> Iterator[Issue | Needs]:
    for found in moved(known):
        if isinstance(found, Needs):
            yield found
        elif found.psi >= MOST.of(known):
            yield skewed(found, MOST.of(known))


def skewed(found: Moved, most: float) -> Issue:
    text = (
        f"{found.column} is served otherwise than in {found.reference} (PSI {found.psi:.2f}, {most:g} or "
        "more)."
    )
    return found.issue("high", text)
