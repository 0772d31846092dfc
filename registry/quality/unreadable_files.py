"""Whether every picture and text of a version can be read."""

from __future__ import annotations

from collections.abc import Iterator

from registry.checks import Issue
from registry.quality import Folders, Needs, quality


@quality(
    "Unreadable files",
    "pictures that cannot be decoded to their end, and texts that are not in UTF-8: none (medium)",
    "DAMA UK 2013, The six primary dimensions for data quality assessment: validity",
    about="folders",
)
def run(folders: Folders) -> Iterator[Issue | Needs]:
    if folders.unreadable:
        text = (
            f"{folders.unreadable:,} of {folders.files:,} files cannot be read: make them anew, or leave "
            "them out."
        )
        yield Issue("medium", text, "unreadable")
    if folders.not_decoded:
        yield Needs(f"smaller pictures: {folders.not_decoded:,} were not decoded")
