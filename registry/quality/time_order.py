"""Whether what is trained on comes before what is tested on."""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import Issue
from registry.quality import Needs, Table, quality, split_of

TRAIN, TEST = ("train", "training"), ("test", "testing", "holdout", "hold-out")


@quality(
    "Order of time",
    "the training part ends before the test part begins (medium: a split need not be by time)",
    "Kaufman and others 2012, Leakage in data mining",
)
def run(table: Table) -> Iterator[Issue | Needs]:
    found = split_of(table)
    if isinstance(found, Needs):
        yield found
        return
    listed = [] if isinstance(found, Issue) else found.get("times", [])
    times = {part.lower(): (first, last) for part, first, last in listed}
    train = next((times[name] for name in TRAIN if name in times), None)
    test = next((times[name] for name in TEST if name in times), None)
    if train is None or test is None:
        yield Needs("a declared time, and parts that are called train and test", page="declaration")
    elif train[1] >= test[0]:
        text = (
            "The training part goes on after the test part begins: if the model is to foresee, split by time."
        )
        yield Issue("medium", text, "time_order", table.declared.time)
