"""Whether another version is as good and takes less."""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import Issue
from registry.evaluating import Evidence, Rival
from registry.evaluating.figures import ALIKE
from registry.quality import Needs, quality
from registry.thresholds import threshold

LOST = threshold(__name__, "lost", 0.01, "how much worse, at worst, another version still counts as no worse")


@quality(
    "Dominated by another version",
    "another version, evaluated here on the same rows, is not worse (the lower end of the 95 % interval of "
    "how much better it is, over paired rows, is above -0.01, and so is the difference of the metric), takes "
    "no longer for a row at p95 and costs no more for 1,000 predictions, and takes less of one of them "
    "(medium). Times within 10 % are the same",
    "Miettinen 1999, Nonlinear multiobjective optimization; the margins are our own",
    about="evidence",
    reads=("cost",),
)
def run(evidence: Evidence) -> Iterator[Issue | Needs]:
    if not evidence.rivals:
        yield Needs("evaluations here of this version and of another one on the same rows", page="evaluate")
    elif any(None in each.costs for each in evidence.rivals):
        yield Needs("declared costs with a number of predictions, of each of these versions", page="cost")
    for each in evidence.rivals:
        if dominates(each, LOST.of(evidence)):
            text = (
                f"Version {each.number} is not worse ({each.metric} {each.better:+.4f}) and takes less: "
                f"{each.latencies[1]:.3g} ms a row instead of {each.latencies[0]:.3g} ms, "
                f"{each.costs[1]:.3g} for 1,000 predictions instead of {each.costs[0]:.3g}."
            )
            yield Issue("medium", text, f"dominated:{each.key}:{each.number}", each.place)


def dominates(rival: Rival, lost: float) -> bool:
    """Without both prices nobody knows: that is not evaluated. Rows are paired by accuracy, which a model
    that never finds the rare class hardly loses: its metric, such as MCC, must not be worse either."""
    mine, its = rival.costs
    if mine is None or its is None or min(rival.low, rival.better) <= -lost:
        return False
    here, there = rival.latencies
    return there <= here * ALIKE and its <= mine and (here > there * ALIKE or its < mine)
