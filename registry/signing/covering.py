"""What a signature says of files against the files that there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from registry.checks import Issue
from registry.parsers.bundles import WHOLE, named_so
from registry.signing.trees import tree

# What the reference leaves out unless told otherwise. Source: model_signing.hashing, `ignore_git_paths`.
LEFT_OUT = frozenset({".git", ".gitattributes", ".github", ".gitignore"})
Files = Mapping[str, str]  # SHA-256 by path


def folder(path: str) -> str:
    head, slash, _ = path.rpartition("/")
    return head + slash


def beside(path: str, files: Files) -> dict[str, str]:
    """The files in the folder of a signature and below, by their paths from there."""
    start = folder(path)
    return {name[len(start) :]: digest for name, digest in files.items() if name.startswith(start)}


def meant(path: str, said: Mapping[str, Any], files: Files) -> dict[str, str]:
    """Those that a signature of the folder has to be over: neither signatures nor what belongs to git, nor
    what it says that it leaves out, which is not covered then."""
    out = set(said["left_out"])
    found = beside(path, files).items()
    return {name: digest for name, digest in found if not named_so(name) and not out & set(above(name))}


def above(name: str) -> Iterator[str]:
    """A path and the folders that it lies in."""
    parts = name.split("/")
    yield from ("/".join(parts[:depth]) for depth in range(1, len(parts) + 1))


def covered(path: str, said: Mapping[str, Any], files: Files) -> set[str]:
    """The paths that a signature is over, all with the bytes that it says. Empty if anything is amiss."""
    if any(differences(path, said, files)):
        return set()
    start = folder(path)
    if is_whole(said):
        return set(alone(path, said, files))
    if "files" in said:
        return {start + name for name in said["files"]}
    return {start + name for name in meant(path, said, files)}


def differences(path: str, said: Mapping[str, Any], files: Files) -> Iterator[Issue]:
    """Each a high issue: who fetches the files and asks the reference is told the same."""
    if is_whole(said):
        if not alone(path, said, files):
            yield differs("the file that it signs is not beside it", "whole")
        return
    there = meant(path, said, files)
    listed: dict[str, str] | None = said.get("files")
    if listed is None:
        if said["tree"] != tree(there):
            yield differs(f"the {said['count']:,} files that it signs are not those beside it", "files")
        return
    all_there = beside(path, files)
    gone = [name for name in listed if name not in all_there]
    other = [name for name in listed if name in all_there and all_there[name] != listed[name]]
    more = [name for name in there if name not in listed]
    for names, what in ((gone, "missing"), (other, "changed"), (more, "not signed")):
        if names:
            yield differs(f"{some(names)} {what}", what)


def some(names: list[str]) -> str:
    """“a.txt is”, “a.txt and 3 more are”."""
    rest = f" and {len(names) - 1:,} more are" if len(names) > 1 else " is"
    return f"{min(names)[:200]}{rest}"


def differs(what: str, name: str) -> Issue:
    return Issue("high", f"This signature does not match the files: {what}. Sign what is pushed.", name)


def is_whole(said: Mapping[str, Any]) -> bool:
    return bool(said.get("files", {}).keys() == {WHOLE})


def alone(path: str, said: Mapping[str, Any], files: Files) -> list[str]:
    """The files beside a signature of one file that are that file."""
    start = folder(path)
    inside = beside(path, files).items()
    return [start + name for name, digest in inside if "/" not in name and digest == said["files"][WHOLE]]
