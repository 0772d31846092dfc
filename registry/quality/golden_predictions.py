"""Whether a version still answers golden predictions as it has to."""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import Issue
from registry.evaluating import Evidence
from registry.quality import Needs, quality
from registry.thresholds import threshold

APART = threshold(__name__, "apart", 1e-4, "how far an answer may be from the golden one")


@quality(
    "Golden predictions",
    "the largest difference between an answer and the golden one of its row, evaluated here, is not above "
    "0.0001 (high); of classes none differs. What another version was held against, this one has to be, too",
    "Breck and others 2017, The ML test score; the tolerance is that of float32, 0.000001 fits float64",
    about="evidence",
)
def run(evidence: Evidence) -> Iterator[Issue | Needs]:
    known = {each.digest for each in evidence.golden}
    lacking = {number for digest, number in evidence.golden_of_others.items() if digest not in known}
    if lacking:
        yield Needs(f"an evaluation on the golden predictions of version {max(lacking)}", page="evaluate")
    elif not known:
        yield Needs("an evaluation on golden predictions", page="evaluate")
    limit = APART.of(evidence)
    for each in evidence.golden:
        apart = each.data["metrics"]["largest_difference"]
        if apart > limit:
            text = f"An answer is {apart:.3g} away from the golden one, more than {limit:g} ({each.place})."
            yield Issue("high", text, f"golden:{each.key}", each.place)
