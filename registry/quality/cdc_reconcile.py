"""Whether what was carried over from a log of changes is what the source has, partition by partition."""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import Issue
from registry.evaluating import Statement
from registry.operating import Operation, said
from registry.quality import Needs, operation


@operation(
    "Reconciliation of a log of changes",
    "of each partition, both sides have the same number of rows and the same checksum whatever their order "
    "(Σ hash mod 2⁶⁴); together as many as were measured in the table of this version that the record "
    "names (each high). A count alone proves nothing: a row that is lost and one that came twice cancel out",
    "Kleppmann 2017, Designing data-intensive applications, 11: change data capture",
    reads=("reconciliation",),
    of=("dataset",),
)
def run(known: Operation) -> Iterator[Issue | Needs]:
    found = [
        each for each in known.newest("reconciliation", "source", "target") if each.data.get("partitions")
    ]
    if not found:
        yield Needs("a record of reconciliation with its partitions", page="reconciliation")
    for statement in found:
        yield from compared(statement)
        yield from measured(statement, known)


def compared(statement: Statement) -> Iterator[Issue | Needs]:
    partitions = statement.data["partitions"]
    if len({each["name"] for each in partitions}) < len(partitions):
        yield Needs("each partition once", page="reconciliation")
    rows = [each["name"] for each in partitions if each["source_rows"] != each["target_rows"]]
    if rows:
        text = f"{named(rows)}: the numbers of rows differ. Read it again from the last point that agreed."
        yield said(statement, "high", "rows", text)
    if any("source_checksum" not in each or "target_checksum" not in each for each in partitions):
        yield Needs("both checksums of each partition", page="reconciliation")
    sums = [
        each["name"]
        for each in partitions
        if {"source_checksum", "target_checksum"} <= each.keys()
        and each["source_checksum"] != each["target_checksum"]
    ]
    if sums and not rows:
        text = f"{named(sums)}: as many rows, and not the same ones. Find what was changed on the way."
        yield said(statement, "high", "checksum", text)


def measured(statement: Statement, known: Operation) -> Iterator[Issue | Needs]:
    """What was counted here outranks what was declared."""
    path = statement.data.get("table")
    if path is None:
        return
    if path not in known.rows:
        yield Needs(f"a table {path} in this version that was measured")
        return
    declared = sum(each["target_rows"] for each in statement.data["partitions"])
    if declared != known.rows[path]:
        text = (
            f"{declared:,} rows of the target are declared, and {path} has {known.rows[path]:,}, as measured "
            "here."
        )
        yield said(statement, "high", "measured", text)


def named(partitions: list[str]) -> str:
    rest = f" and {len(partitions) - 3:,} more" if len(partitions) > 3 else ""
    return f"Partition {', '.join(partitions[:3])}{rest}"
