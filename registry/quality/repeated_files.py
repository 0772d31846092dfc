"""Whether the same bytes are there twice, under two labels, or in two parts."""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import Issue
from registry.quality import Folders, Needs, quality
from registry.thresholds import threshold

MOST = threshold(__name__, "most", 0.01, "share of files that repeat another one, at most")


@quality(
    "Repeated files",
    "files with exactly the bytes of another: 1 % at most (medium; our own threshold); the same bytes in two "
    "folders that are labels: none (medium); in two of the parts train, validation and test: none (high). Of "
    "members of archives only how many are repeated is known",
    "Kaufman and others 2012, Leakage in data mining; Northcutt and others 2021, Pervasive label errors",
    about="folders",
)
def run(folders: Folders) -> Iterator[Issue | Needs]:
    if not folders.whole:
        yield Needs("at most 20,000 files: of the others nothing is said")
    if folders.in_parts:
        which = f"{folders.in_parts:,} files are" if folders.in_parts > 1 else "One file is"
        text = f"{which} in more than one of train, validation and test: choose one."
        yield Issue("high", text, "in_parts")
    if folders.in_labels:
        which = f"{folders.in_labels:,} files have" if folders.in_labels > 1 else "One file has"
        text = f"{which} the same bytes under two labels: say which one is right."
        yield Issue("medium", text, "in_labels")
    if folders.files and folders.repeated / folders.files > MOST.of(folders):
        repeat = "repeat" if folders.repeated > 1 else "repeats"
        text = f"{folders.repeated:,} of {folders.files:,} files {repeat} another one: keep one of each."
        yield Issue("medium", text, "repeated")
