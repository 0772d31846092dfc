"""Whether many rows are there twice."""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import Issue
from registry.quality import Needs, Table, quality
from registry.thresholds import threshold

MOST = threshold(__name__, "most", 0.01, "share of rows that repeat another one, at most")


@quality(
    "Repeated rows",
    "rows that repeat another one exactly, and rows nearly the same as another (Jaccard similarity of their "
    "words 0.9 or more): 1 % of the rows at most (medium); our own threshold",
    "Lee and others 2022, Deduplicating training data makes language models better; MinHash: Broder 1997",
)
def run(table: Table) -> Iterator[Issue | Needs]:
    rows, repeated, near = table.profile["rows"], table.profile["duplicates"], table.profile.get("near") or {}
    if repeated is None:
        yield Needs("at most 30,000,000 rows")
    elif rows and repeated / rows > MOST.of(table):
        yield Issue("medium", f"{repeated:,} of {rows:,} rows repeat another one: {CURE}", "repeated")
    if "rows" not in near:
        yield Needs(str(near.get("not_evaluated", "rows that were compared")).removeprefix("needs "))
    elif rows and near["rows"] / rows > MOST.of(table):
        text = f"{near['rows']:,} of {rows:,} rows are nearly the same as another one: {CURE}"
        yield Issue("medium", text, "near")


CURE = "keep one of each, or say why they come again, before the data is split."
