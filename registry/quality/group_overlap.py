"""Whether what belongs together is in several parts of the declared split."""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import Issue
from registry.quality import Needs, Table, quality, split_of


@quality(
    "Groups in several parts",
    "groups with rows in more than one part: none (high)",
    "Kapoor and Narayanan 2023, Leakage and the reproducibility crisis",
)
def run(table: Table) -> Iterator[Issue | Needs]:
    found = split_of(table)
    if isinstance(found, Needs):
        yield found
    elif isinstance(found, Issue):
        yield Needs("a declared split that is a column of the table", page="declaration")
    elif "groups_in_several" not in found:
        yield Needs("a declared group that is a column of the table", page="declaration")
    elif found["groups_in_several"]["number"]:
        several = found["groups_in_several"]
        text = (
            f"{several['number']:,} groups of {table.declared.group} have rows in more than one part of "
            f"{table.declared.split}: split by {table.declared.group}."
        )
        yield Issue("high", text, "groups_in_several", table.declared.group)
