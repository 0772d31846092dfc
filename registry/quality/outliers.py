"""Whether a column of numbers has many values far from the others."""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import Issue
from registry.quality import Needs, Table, quality
from registry.thresholds import threshold

MOST = threshold(__name__, "most", 0.01, "share of outliers of a column, at most")


@quality(
    "Outliers",
    "values with |0.6745 (x - median) / MAD| above 3.5: 1 % of a column's at most (low; our own share). "
    "Those "
    "beyond 1.5 IQR (Tukey) stand beside it. Values that are infinite, too large for 64 bits, or no number "
    "are medium: nothing else counts them",
    "Iglewicz and Hoaglin 1993, How to detect and handle outliers; Tukey 1977, Exploratory data analysis",
)
def run(table: Table) -> Iterator[Issue | Needs]:
    known = 0
    for column in table.profile["columns"]:
        odd = column.get("infinite", 0) + column.get("not_numbers", 0)
        if odd:
            known += 1
            name = column["name"]
            which = f"{odd:,} values of {name} are" if odd > 1 else f"One value of {name} is"
            text = (
                f"{which} infinite, too large for a number of 64 bits, or no number: left out of everything "
                "else. Write what was meant, or leave it empty."
            )
            yield Issue("medium", text, f"infinite:{column['name']}", column["name"])
        found = column.get("outliers") or {}
        if not found.get("of") or found.get("robust") is None:
            continue
        known += 1
        share = found["robust"] / found["of"]
        if share > MOST.of(table):
            text = (
                f"{100 * share:.3g} % of {column['name']} lie far from the median (robust z above 3.5; "
                "beyond "
                f"1.5 IQR {100 * found['tukey'] / found['of']:.3g} %): see whether they are errors of "
                "measurement."
            )
            yield Issue("low", text, f"column:{column['name']}", column["name"])
    if not known:
        yield Needs("a column of numbers whose values differ")
