"""Whether the chances that a model gives are those with which things come."""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import Issue
from registry.evaluating import Evidence
from registry.evaluating.figures import named
from registry.quality import Needs, quality
from registry.thresholds import threshold

WATCH = threshold(__name__, "watch", 0.05, "calibration error up to which nothing is said")
POOR = threshold(__name__, "poor", 0.10, "calibration error beyond which it is medium")
FEWEST = 500


@quality(
    "Calibration",
    "expected calibration error over ten equal steps of the predicted chance, of 500 rows or more: up to "
    "0.05 nothing, up to 0.10 low, beyond medium; our own thresholds",
    "Naeini and others 2015, Obtaining well calibrated probabilities; Guo and others 2017",
    about="evidence",
    reads=("evaluation",),
)
def run(evidence: Evidence) -> Iterator[Issue | Needs]:
    known = [each for each in evidence.evaluations if "ece" in named(each.data)]
    enough = [each for each in known if each.data.get("rows", 0) >= FEWEST]
    if not enough:
        what = f"an evaluation on {FEWEST} rows or more" if known else "an evaluation of predicted chances"
        yield Needs(what, page="evaluate")
    for statement in enough:
        error = named(statement.data)["ece"]
        if error > WATCH.of(evidence):
            text = (
                f"Predicted chances are off by {error:.3f} on average: calibrate them before a threshold is "
                "chosen by cost."
            )
            yield Issue(
                "medium" if error > POOR.of(evidence) else "low",
                text,
                f"calibration:{statement.key}",
                statement.place,
            )
