"""Columns that carry nothing: hardly any variation, or the same as another one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from registry.checks import Issue
from registry.quality import Needs, Table, quality

RATIO, UNIQUE, SAME = 19, 0.10, 0.999
FEWEST = 100


@quality(
    "Excess columns",
    "one value alone; or the most frequent value is there more than 19 times as often as the next, and "
    "different "
    "values are 10 % of the rows at most; or a rank correlation with another column above 0.999 (low)",
    "caret, nearZeroVar: freqCut 95/5, uniqueCut 10; GDPR Art. 5(1)(c), minimisation",
)
def run(table: Table) -> Iterator[Issue | Needs]:
    if table.profile["rows"] < FEWEST:
        yield Needs(f"{FEWEST} rows")
        return
    said = table.declared
    spoken_for = {said.target, said.split, said.group, said.time, said.source, *said.quasi_identifiers}
    for column in table.profile["columns"]:
        if column["name"] not in spoken_for and (why := hardly_varies(column)):
            text = f"{column['name']} {why}: leave it out, or say what it is for."
            yield Issue("low", text, f"column:{column['name']}", column["name"])
    for one, other in same(table.profile.get("correlation")):
        text = f"{one} and {other} rise and fall together in every row: one of them is enough."
        yield Issue("low", text, f"pair:{one},{other}", one)


def hardly_varies(column: dict[str, Any]) -> str:
    """Why it carries nothing; empty when it may."""
    number, held = (column.get("distinct") or {}).get("number", 0), column.get("held", 0)
    if column["type"] == "empty":
        return "holds nothing"
    if number == 1:
        return "holds one value only"
    counts = [rows for _, rows in column.get("values") or ()]
    second = counts[1] if len(counts) > 1 else column.get("other_values", 0)
    if not counts or not held or number / held > UNIQUE or counts[0] <= RATIO * second:
        return ""
    return f"holds one value in {100 * counts[0] / held:.3g} % of its rows"


def same(correlation: dict[str, Any] | None) -> Iterator[tuple[str, str]]:
    columns, below = (correlation or {}).get("columns", ()), (correlation or {}).get("below", ())
    pairs = [(one, other) for place, one in enumerate(columns) for other in columns[:place]]
    for (one, other), value in zip(pairs, below, strict=True):
        if value is not None and abs(value) > SAME:
            yield other, one
