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
    """However deep: folders that wait stand in a list, not on the stack."""
    waiting = [folder]
    while waiting:
        path = waiting.pop()
        try:
            mode = os.lstat(path).st_mode if path != folder else stat.S_IFDIR
            inside = sorted(os.listdir(path), reverse=True) if stat.S_ISDIR(mode) else None
        except OSError as error:
            yield Absent(path, f"It cannot be opened: {error.strerror}.")
            continue
        if inside is None:
            yield one(path, mode)
        else:
            waiting += [os.path.join(path, name) for name in inside]


def one(path: str, mode: int) -> str | Absent:
    if stat.S_ISREG(mode):
        return path
    what = "a link, which is not followed: name what it leads to" if stat.S_ISLNK(mode) else "no file"
    return Absent(path, f"It is {what}.")
