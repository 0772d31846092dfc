"""How rare the rarest label is, by the folders that files lie in."""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import Issue
from registry.quality import Folders, Needs, quality
from registry.quality.imbalance import EXTREME, MILD, MODERATE


@quality(
    "Balance of labels",
    "files of the rarest label (the last folder of a path): of two labels, 20 to 40 % of all mild, 1 to 20 % "
    "moderate, below 1 % extreme, of more labels in proportion (info: no fault)",
    "Google, Machine Learning Crash Course, Imbalanced datasets",
    about="folders",
)
def run(folders: Folders) -> Iterator[Issue | Needs]:
    whole: dict[str, int] = {}
    for labels in folders.labels.values():
        for label, number in labels.items():
            whole[label] = whole.get(label, 0) + number
    if len(whole) < 2:
        yield Needs("files in two folders or more that are their labels, such as train/cat")
        return
    share = min(whole.values()) / sum(whole.values()) * len(whole) / 2
    if share < MILD:
        word = "extremely" if share < EXTREME else "moderately" if share < MODERATE else "mildly"
        text = (
            f"Labels are {word} imbalanced: the rarest of {len(whole):,} has {min(whole.values()):,} of "
            f"{sum(whole.values()):,} files. Split first, resample only the training part."
        )
        yield Issue("info", text, "imbalance")
