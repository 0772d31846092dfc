"""Whether rows of one part of the declared split are in another one, too."""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import Issue
from registry.quality import Needs, Table, quality, split_of


@quality(
    "Rows in several parts",
    "different rows that are in more than one part, the split's own column left out: none (high)",
    "Kaufman and others 2012, Leakage in data mining; Kapoor and Narayanan 2023",
)
def run(table: Table) -> Iterator[Issue | Needs]:
    found = split_of(table)
    if isinstance(found, Needs | Issue):
        yield found
    elif found["rows_in_several"]["number"]:
        several = found["rows_in_several"]
        text = (
            f"{several['rows']:,} of {table.profile['rows']:,} rows occur in more than one part of "
            f"{table.declared.split}: split first, resample and repeat only inside the training part."
        )
        yield Issue("high", text, "rows_in_several", table.declared.split)
