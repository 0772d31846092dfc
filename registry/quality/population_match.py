"""Whether the parts of the declared split come from the same population."""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import Issue, Severity
from registry.quality import Needs, Table, quality, split_of
from registry.thresholds import threshold

WATCH = threshold(__name__, "watch", 0.60, "area under the ROC curve that passes, at most", least=0.5)
FAIL = threshold(__name__, "fail", 0.75, "area above which it is high", least=0.5)


@quality(
    "Population match",
    "how well a classifier (naive Bayes over the columns that differ by χ², five folds) tells the rows of a "
    "part from the training part's, or from all others' where none is called so: area under the ROC curve "
    "up to 0.60 passes, to 0.75 medium, above high. Columns of split, group, time and of one number for each "
    "row are left out; needs 200 rows on both sides; it does not see how two columns go together",
    "Lopez-Paz and Oquab 2017, Revisiting classifier two-sample tests; the thresholds are our own",
)
def run(table: Table) -> Iterator[Issue | Needs]:
    found = split_of(table)
    if isinstance(found, Needs):
        yield found
        return
    known = (
        [] if isinstance(found, Issue) else [part for part in found.get("population", ()) if "area" in part]
    )
    if not known:
        yield Needs(
            "a declared split of 2 to 10 parts with 200 rows each, measured since", page="declaration"
        )
    for part in known:
        if part["area"] > WATCH.of(table):
            by = ", ".join(part["columns"]) or "several columns together"
            text = (
                f"Rows of part {part['part']} of {table.declared.split} can be told from the others (AUC "
                f"{part['area']:.2f}), most by {by}: see whether it is the population that the model is for."
            )
            severity: Severity = "high" if part["area"] > FAIL.of(table) else "medium"
            yield Issue(severity, text, f"part:{part['part']}", table.declared.split)
