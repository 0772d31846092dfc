"""Whether a single column tells the target too well."""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import Issue
from registry.quality import Needs, Table, quality
from registry.thresholds import threshold

TOO_WELL = threshold(__name__, "area", 0.99, "area under the ROC curve of one column, below", least=0.5)


@quality(
    "Leakage of the target",
    "area under the ROC curve of one column of numbers alone, for two classes: below 0.99 (medium); "
    "our own threshold",
    "Kaufman and others 2012, Leakage in data mining; the area by ranks: Mann and Whitney 1947",
)
def run(table: Table) -> Iterator[Issue | Needs]:
    if not table.declared.target:
        yield Needs("a declared target", page="declaration")
        return
    areas = table.profile.get("telling") or {}
    if not areas:
        yield Needs("a target of two classes with 20 rows each, and columns of numbers")
    for name, area in areas.items():
        if area >= TOO_WELL.of(table):
            text = (
                f"{name} alone tells {table.declared.target} (AUC {area:.3f}): see whether it is "
                "known before the target is."
            )
            yield Issue("medium", text, f"column:{name}", name)
