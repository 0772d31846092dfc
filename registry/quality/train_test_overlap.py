"""Whether rows of one part of the declared split are in another one, too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from registry.checks import Issue
from registry.quality import Needs, Table, quality, split_of
from registry.thresholds import threshold

MOST_NEAR = threshold(
    __name__, "near", 0.001, "share of rows nearly the same as one in another part, at most"
)


@quality(
    "Rows in several parts",
    "different rows that are in more than one part, the split's own column left out: none (high); rows "
    "nearly the same as one in another part (Jaccard similarity of their words 0.9 or more): 0.1 % of all "
    "at most (medium)",
    "Kaufman and others 2012, Leakage in data mining; Kapoor and Narayanan 2023; MinHash: Broder 1997",
)
def run(table: Table) -> Iterator[Issue | Needs]:
    found = split_of(table)
    if isinstance(found, Needs | Issue):
        yield found
        return
    if found["rows_in_several"]["number"]:
        several = found["rows_in_several"]
        text = (
            f"{several['rows']:,} of {table.profile['rows']:,} rows occur in more than one part of "
            f"{table.declared.split}: split first, resample and repeat only inside the training part."
        )
        yield Issue("high", text, "rows_in_several", table.declared.split)
    yield from nearly(table, found.get("near") or {})


def nearly(table: Table, near: dict[str, Any]) -> Iterator[Issue | Needs]:
    rows = table.profile["rows"]
    if "rows" not in near:
        why = str(near.get("not_evaluated", "rows that were compared across parts: check the version again"))
        yield Needs(why.removeprefix("needs "))
    elif rows and near["rows"] / rows > MOST_NEAR.of(table):
        text = (
            f"{near['rows']:,} of {rows:,} rows are nearly the same as one in another part of "
            f"{table.declared.split}: keep what belongs together in one part."
        )
        yield Issue("medium", text, "near_in_several", table.declared.split)
