"""Whether sources write telephone numbers, dates, currencies, countries and units in the same way, and
validly."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from registry.checks import Issue, Severity
from registry.quality import Needs, Table, quality
from registry.thresholds import threshold

FAIL = threshold(__name__, "fail", 0.95, "share of valid values below which it is high", looser="down")
WATCH = threshold(__name__, "watch", 0.99, "share of valid values, at least", looser="down")
FEWEST_ROWS = 10
WORDS = {
    "phone": "telephone numbers",
    "date": "dates",
    "currency": "currencies",
    "country": "codes of countries",
    "unit": "units",
}


@quality(
    "Formats that agree",
    "in columns that are declared as phone, date, currency, country or unit: the dominant mask (digits as 9) "
    "of each source of ten rows or more is the same (high); 99 % of the values are valid, else medium, below "
    "95 % high: telephone numbers by their country's plan, dates of the calendar, codes of ISO 4217 and ISO "
    "3166-1, a unit beside the number; and no declared group has two valid numbers (medium). Reported, never "
    "repaired",
    "libphonenumber and ITU-T E.164; ISO 8601, 4217, 3166-1; the shares are our own thresholds",
)
def run(table: Table) -> Iterator[Issue | Needs]:
    if not table.declared.formats:
        yield Needs("columns that are declared as phone, date, currency, country or unit", page="declaration")
        return
    found = table.profile.get("formats")
    if found is None:
        yield Needs("columns measured since their formats were declared: check the version again")
        return
    if not found:
        yield Needs("a declared column that is in this table", page="declaration")
    for column in found:
        yield from of_column(table, column)


def of_column(table: Table, column: dict[str, Any]) -> Iterator[Issue | Needs]:
    name, words, rows = column["column"], WORDS[column["kind"]], column["rows"]
    share = column["valid"] / rows if rows else 1.0
    if share < WATCH.of(table):
        severity: Severity = "high" if share < FAIL.of(table) else "medium"
        text = (
            f"{rows - column['valid']:,} of {rows:,} values of {name} are no valid {words} "
            f"({100 * share:.3g} % are): correct them where they are entered."
        )
        yield Issue(severity, text, f"valid:{name}", name)
    if column.get("conflicts"):
        text = (
            f"{column['conflicts']:,} of {table.declared.group} have several numbers in {name}: say which "
            "one holds."
        )
        yield Issue("medium", text, f"conflict:{name}", name)
    if "sources" not in column:
        yield Needs("a declared source of the rows", page="declaration")
        return
    yield from apart(name, words, column)


def apart(name: str, words: str, column: dict[str, Any]) -> Iterator[Issue]:
    known = [source for source in column["sources"] if source["rows"] >= FEWEST_ROWS]
    if len({source["mask"] for source in known}) < 2:
        return
    largest = max(known, key=lambda source: source["rows"])
    other = next(source for source in known if source["mask"] != largest["mask"])
    ways = ""
    if column["kind"] != "unit":
        ways = f" ({largest['mask']} and {other['mask']})"
    text = (
        f"Sources {largest['source']} and {other['source']} write the {words} of {name} in two ways{ways}: "
        "agree on one."
    )
    yield Issue("high", text, f"apart:{name}", name)
