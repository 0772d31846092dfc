"""Whether rows of a class were made up between two others, and are where rows must be genuine."""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import Issue
from registry.quality import Needs, Table, quality
from registry.thresholds import threshold

MOST = threshold(__name__, "most", 0.20, "share of rows that lie between two others, at most")


@quality(
    "Synthetic rows",
    "rows of a class, outside of the training part where there is one, that lie exactly between two of "
    "their 12 neighbours in it (cosine of the directions below -1 + 1e-6): 20 % at most (medium). Only for "
    "two classes, with three columns of unrounded numbers and 20 such rows",
    "the fingerprint of SMOTE (Chawla and others 2002), measured by us: 62 to 73 % of the rows after it, 0 "
    "to 2.5 % before; imbalanced-learn, Common pitfalls",
)
def run(table: Table) -> Iterator[Issue | Needs]:
    if not table.declared.target:
        yield Needs("a declared target", page="declaration")
        return
    found = table.profile.get("interpolated") or {}
    if not found.get("of"):
        yield Needs("a target of two classes, and 20 rows of one with three columns of unrounded numbers")
    elif found["rows"] / found["of"] > MOST.of(table):
        text = (
            f"{100 * found['rows'] / found['of']:.0f} % of the rows of a class lie exactly between two "
            "others of it: they were made by over-sampling. Split first, resample only the training part."
        )
        yield Issue("medium", text, "interpolated", table.declared.target)
