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
        text = f"{folders.in_parts:,} files are in more than one of train, validation and test: choose one."
        yield Issue("high", text, "in_parts")
    if folders.in_labels:
        text = f"{folders.in_labels:,} files have the same bytes under two labels: say which one is right."
        yield Issue("medium", text, "in_labels")
    if folders.files and folders.repeated / folders.files > MOST.of(folders):
        text = f"{folders.repeated:,} of {folders.files:,} files repeat another one: keep one of each."
        yield Issue("medium", text, "repeated")
