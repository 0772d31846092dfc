"""Whether what reads a table of the version before can read this one, and the other way round."""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import Issue, Severity
from registry.contracts.compatibility import Change, breaks, changes, of_profile
from registry.quality import Needs, Table, quality


@quality(
    "Schema change",
    "columns that came, went or changed their type since the version before, each backward compatible (new "
    "readers, old data), forward compatible (old readers, new data), both or neither. What breaks the mode "
    "of the contract is high; without a mode, what is not compatible both ways is medium, the rest info",
    "Avro 1.12, Schema resolution; modes as in Confluent's schema registry, against the version before",
)
def run(table: Table) -> Iterator[Issue | Needs]:
    if table.before is None:
        yield Needs("an earlier version with a table of the same path")
        return
    before, after = (of_profile(each, table.contract) for each in (table.before, table.profile))
    if before is None or after is None:
        yield Needs(f"at most {len(table.profile['columns']):,} columns in both versions")
        return
    mode = (table.contract or {}).get("compatibility", "")
    for change in changes(before, after):
        text = f"{change.said} Before is version {table.before_number}."
        yield Issue(severity(change, mode), text, f"{change.what}:{change.column}", change.column)


def severity(change: Change, mode: str) -> Severity:
    if mode:
        return "high" if breaks(change, mode) else "info"
    return "info" if change.backward and change.forward else "medium"
