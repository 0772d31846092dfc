"""Whether enough rows share their quasi-identifiers."""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import Issue
from registry.quality import Needs, Table, quality
from registry.thresholds import threshold

FEWEST = threshold(
    __name__, "fewest", 5, "rows of the smallest group, at least", looser="down", least=2, most=5
)


@quality(
    "k-anonymity",
    "rows of the smallest group that shares all declared quasi-identifiers: 5 or more (medium)",
    "Sweeney 2002, k-anonymity: a model for protecting privacy; k = 5 is our own threshold",
)
def run(table: Table) -> Iterator[Issue | Needs]:
    if not table.declared.quasi_identifiers:
        yield Needs("declared quasi-identifiers", page="declaration")
        return
    absent = [name for name in table.declared.quasi_identifiers if table.column(name) is None]
    found = (table.profile.get("parts") or {}).get("anonymity")
    if absent:
        text = f"The declared quasi-identifier {absent[0]} is not a column here: declare those that are."
        yield Issue("medium", text, "no_column", absent[0])
    elif found is None:
        yield Needs(
            "at most 5,000,000 rows, measured since the columns were declared: check the version again"
        )
    elif found["smallest"] < FEWEST.of(table):
        text = (
            f"{found['rows_in_small']:,} rows share their quasi-identifiers with few others (the smallest "
            f"group has {found['smallest']}, {FEWEST.of(table):g} are asked for): coarsen a column, or "
            "leave it out."
        )
        yield Issue("medium", text, "small_groups")
