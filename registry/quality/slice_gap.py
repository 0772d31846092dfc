"""Whether a model is much worse for some."""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import Issue
from registry.evaluating import Evidence
from registry.evaluating.figures import is_error, named
from registry.quality import Needs, quality
from registry.thresholds import threshold

LARGEST = threshold(__name__, "largest", 0.10, "how far a metric of a slice may lie below the whole")
FEWEST = 100


@quality(
    "Slice gap",
    "each metric between 0 and 1 of each slice of 100 rows or more: not more than 0.10 below the whole "
    "(medium); "
    "our own thresholds",
    "Barocas and others, Fairness and machine learning; fairlearn's MetricFrame",
    about="evidence",
    reads=("evaluation",),
)
def run(evidence: Evidence) -> Iterator[Issue | Needs]:
    known = [each for each in evidence.evaluations if each.data.get("slices")]
    if not known:
        yield Needs("an evaluation with slices", page="evaluation")
    for statement in known:
        whole = named(statement.data)
        for part in statement.data["slices"]:
            low = worst(whole, named(part), LARGEST.of(evidence)) if part["rows"] >= FEWEST else None
            if low:
                name, value = low
                text = (
                    f"{name} of {part['name']} is {value:.4g}, against {whole[name]:.4g} for all: "
                    f"{part['rows']:,} rows are served worse."
                )
                yield Issue("medium", text, f"{part['name']}:{statement.key}", statement.place)


def worst(whole: dict[str, float], part: dict[str, float], largest: float) -> tuple[str, float] | None:
    """The metric that lies furthest below the whole, beyond what is taken."""
    shares = {name for name in part if 0 <= part[name] <= 1 and 0 <= whole.get(name, -1) <= 1}
    below = ((whole[name] - part[name], name) for name in shares if not is_error(name))
    low = [(apart, name) for apart, name in below if apart > largest]
    return (max(low)[1], part[max(low)[1]]) if low else None
