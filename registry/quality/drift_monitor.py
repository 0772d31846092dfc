"""Whether what a model is served, and what it says, has moved since its reference."""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import Issue
from registry.operating import Operation
from registry.operating.moved import moved
from registry.quality import Needs, operation
from registry.thresholds import threshold

WATCH = threshold(__name__, "watch", 0.10, "PSI of a column that is stable, below", most=10)
ACT = threshold(__name__, "act", 0.25, "PSI above which one acts", most=10)


@operation(
    "Drift in production",
    "PSI = Σ (a - e) ln(a / e) over ten bins of the reference's quantiles, of each column of what was "
    "served: inputs, predictions and labels. Below 0.10 stable, to 0.25 watch (low), above act (high); "
    "needs 1,000 values on both sides. No p-value decides",
    "the convention of credit scoring: scorecard::perf_psi of R, populationStabilityIndex of MathWorks",
    reads=("served",),
)
def run(known: Operation) -> Iterator[Issue | Needs]:
    for found in moved(known):
        if isinstance(found, Needs):
            yield found
        elif found.psi > ACT.of(known):
            text = (
                f"{found.column} has moved far from {found.reference} (PSI {found.psi:.2f}): find out why, "
                "and act."
            )
            yield found.issue("high", text)
        elif found.psi >= WATCH.of(known):
            text = (
                f"{found.column} has moved a little from {found.reference} (PSI {found.psi:.2f}): watch it."
            )
            yield found.issue("low", text)
