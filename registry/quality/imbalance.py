"""How rare the rarest class of the declared target is."""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import Issue
from registry.quality import Needs, Table, quality

MILD, MODERATE, EXTREME = 0.40, 0.20, 0.01
MOST_CLASSES = 50


@quality(
    "Imbalance of classes",
    "share of the rarest class: of two, 20 to 40 % mild, 1 to 20 % moderate, below 1 % extreme, of more "
    "classes in proportion (info: no fault)",
    "Google, Machine Learning Crash Course, Imbalanced datasets",
)
def run(table: Table) -> Iterator[Issue | Needs]:
    target = table.declared.target
    if not target:
        yield Needs("a declared target", page="declaration")
        return
    column = table.column(target)
    if column is None:
        text = f"The declared target {target} is not a column of this table: declare the one that is."
        yield Issue("medium", text, "no_target", target)
        return
    shares = classes(column)
    if shares is None:
        yield Needs(f"a target of at most {MOST_CLASSES} classes, each in ten rows or more")
    elif len(shares) < 2:
        yield Issue(
            "medium", f"{target} has one class only: nothing can be learned from it.", "one_class", target
        )
    else:
        yield from of_rarest(target, min(shares), len(shares))


def classes(column: dict[str, object]) -> list[float] | None:
    """The share of each class."""
    values, held = column.get("values"), column.get("held")
    if not isinstance(values, list) or not isinstance(held, int) or not held or column.get("other_values"):
        return None
    return [rows / held for _, rows in values]


def of_rarest(target: str, share: float, classes: int) -> Iterator[Issue]:
    in_two = share * classes / 2
    if in_two >= MILD:
        return
    word = "extremely" if in_two < EXTREME else "moderately" if in_two < MODERATE else "mildly"
    text = (
        f"{target} is {word} imbalanced: its rarest class has {100 * share:.2g} % of the rows. Split first, "
        "resample only inside the training part, and do not judge by accuracy."
    )
    yield Issue("info", text, "imbalance", target)
