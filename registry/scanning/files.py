"""Which files are meant: each path as it was given, and everything below a folder in the order of names."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Absent:
    """A path that leads to no bytes, and why, in a sentence."""

    path: str
    because: str


def found(paths: Sequence[str]) -> Iterator[str | Absent]:
    """A link that was named is followed; one inside a folder is told, not followed."""
    for path in paths:
        try:
            mode = os.stat(path).st_mode
        except OSError as error:
            yield Absent(path, f"It cannot be opened: {error.strerror}.")
        else:
            yield from below(path) if stat.S_ISDIR(mode) else [one(path, mode)]


def below(folder: str) -> Iterator[str | Absent]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield Absent(folder, f"The folder cannot be opened: {error.strerror}.")
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from below(entry.path)
        else:
            yield one(entry.path, entry.stat(follow_symlinks=False).st_mode)


def one(path: str, mode: int) -> str | Absent:
    if stat.S_ISREG(mode):
        return path
    what = "a link, which is not followed: name what it leads to" if stat.S_ISLNK(mode) else "no file"
    return Absent(path, f"It is {what}.")
