"""Whether the validation and test parts have the classes as they come: rare ones that became frequent there
were multiplied before the split."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from registry.checks import Issue
from registry.evaluating.chances import is_unlikely
from registry.quality import Needs, Table, quality, split_of

TRAINING = ("train", "training")


@quality(
    "Prevalence in validation and test",
    "rows of the rarest class in each part but training: within the exact binomial 99.7 % interval of its "
    "share in the earlier version (medium)",
    "imbalanced-learn, Common pitfalls: resampling before the split; Clopper and Pearson 1934",
)
def run(table: Table) -> Iterator[Issue | Needs]:
    found = split_of(table)
    if isinstance(found, Needs):
        yield found
        return
    if isinstance(found, Issue) or "classes" not in found:
        yield Needs("a declared target of at most 50 classes, beside the split", page="declaration")
        return
    reference = rarest(table)
    if reference is None:
        yield Needs("an earlier version whose target has classes of ten rows or more: the raw prevalence")
        return
    for place, (part, held, rare) in enumerate(parts(found["classes"], reference[0]), start=1):
        if part.lower() not in TRAINING and is_unlikely(rare, held, reference[1]):
            text = (
                f"{rare:,} of {held:,} rows of part {place} of {table.declared.split} are of the rarest "
                f"class, against {100 * reference[1]:.3g} % in version {table.before_number}: split first, "
                "resample only the training part."
            )
            yield Issue("medium", text, f"part:{place}", table.declared.split)


def rarest(table: Table) -> tuple[str, float] | None:
    """The rarest class of the target in the version before, as text, and its share."""
    columns = (table.before or {}).get("columns", ())
    column: dict[str, Any] = next((each for each in columns if each["name"] == table.declared.target), {})
    values, held = column.get("values") or [], column.get("held") or 0
    if not held or len(values) < 2 or column.get("other_values"):
        return None
    value, rows = min(values, key=lambda pair: pair[1])
    return str(value).lower() if isinstance(value, bool) else str(value), rows / held


def parts(classes: list[list[object]], rare: str) -> Iterator[tuple[str, int, int]]:
    """Each part with its rows and those of the rare class."""
    held: dict[str, int] = {}
    found: dict[str, int] = {}
    for part, value, rows in classes:
        if value is not None and isinstance(rows, int):
            held[str(part)] = held.get(str(part), 0) + rows
            found[str(part)] = found.get(str(part), 0) + rows * (str(value) == rare)
    for part, total in held.items():
        yield part, total, found[part]
