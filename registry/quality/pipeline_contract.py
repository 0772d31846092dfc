"""Whether a table is what its contract promises, clause by clause."""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import Issue, Severity
from registry.contracts.outcomes import outcomes
from registry.quality import Needs, Table, quality


@quality(
    "Data contract",
    "each clause of the contract: columns, types, missing values, ranges, allowed values, patterns, keys, "
    "rows, freshness, what it comes from. A broken one is high; more than 5 % missing where the contract "
    "does not say how many it takes is medium, more than 20 % high (our own thresholds)",
    "DAMA UK 2013, The six primary dimensions for data quality assessment; ISO/IEC 25012",
)
def run(table: Table) -> Iterator[Issue | Needs]:
    if table.contract is None:
        yield Needs("a contract that holds for this table", page="contract")
        return
    needed = {}
    for outcome in outcomes(table.contract, table.profile, table.seen):
        if outcome.state in ("broken", "look"):
            severity: Severity = "high" if outcome.state == "broken" else "medium"
            yield Issue(severity, outcome.said, outcome.clause.name, outcome.clause.column)
        elif outcome.state == "not evaluated":
            needed[outcome.said] = True
    yield from map(Needs, needed)
