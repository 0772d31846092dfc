"""Whether two sides that are kept alike hold the same rows, and what it looks like when they do not."""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import Issue
from registry.evaluating import Statement
from registry.operating import Operation, said
from registry.quality import Needs, operation


@operation(
    "Coverage of a synchronisation",
    "A without B and B without A, by key: no row (high). Rows from before it began that the target lacks "
    "are the mark of triggers without a backfill (high); rows that both sides changed since they last "
    "agreed ask for a synchronisation both ways (high, unless it is one)",
    "Question 9 of the twenty; Kleppmann 2017, Designing data-intensive applications, 5 and 11",
    reads=("reconciliation",),
    of=("dataset",),
)
def run(known: Operation) -> Iterator[Issue | Needs]:
    found = known.newest("reconciliation", "source", "target")
    if not found:
        yield Needs("a record of reconciliation: rows that only one side has", page="reconciliation")
    for statement in found:
        yield from one_sided(statement)
        yield from by_kind(statement)


def one_sided(statement: Statement) -> Iterator[Issue]:
    for name, side in (("only_in_source", "target"), ("only_in_target", "source")):
        rows = statement.data[name]
        if rows:
            text = f"{rows:,} rows are missing in the {side}: find out whether they were lost or never sent."
            yield said(statement, "high", name, text)


def by_kind(statement: Statement) -> Iterator[Issue | Needs]:
    data = statement.data
    older, edited = data.get("older_missing"), data.get("edited_on_both")
    if older is None or edited is None:
        yield Needs(
            "how many rows from before it began are missing, and how many both sides changed",
            page="reconciliation",
        )
    elif older > data["only_in_source"]:
        yield Needs(
            "no more missing rows from before it began than rows that are missing", page="reconciliation"
        )
    if older:
        text = f"{older:,} missing rows are older than the integration: it began without a backfill. Run one."
        yield said(statement, "high", "backfill", text)
    if edited and data["between"] != "both ways":
        text = (
            f"{edited:,} rows were changed on both sides, and it goes {data['between']}: one side is "
            "overwritten."
        )
        yield said(statement, "high", "both_ways", text)
