"""By which code a check judges, as one digest: its own file, all of ours that it reaches, and the libraries
that it names. So nobody has to remember to say that a check judges otherwise from now on.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from registry.checks import Check

ROOT = Path(__file__).parent.parent
OURS = re.compile(r"^from (registry[\w.]*) import ", re.MULTILINE)


@cache
def engine_of(check: Check) -> str:
    """The first 16 digits of the digest. Source as it lies on the disk, a remark included: whether a change
    matters is not for a program to say."""
    digest = sha256()
    own = [name for name in check.libraries if name.startswith("registry.")]
    for path in sorted({path for name in [check.run.__module__, *own] for path in reached(path_of(name))}):
        digest.update(f"{path.relative_to(ROOT)}\n{path.stat().st_size}\n".encode() + path.read_bytes())
    for library in sorted(set(check.libraries).difference(own)):
        digest.update(f"{library} {installed(library)}\n".encode())
    return digest.hexdigest()[:16]


@cache
def installed(library: str) -> str:
    """Its version. Without it the files that need it are told as not checked; all others are judged."""
    try:
        return version(library)
    except PackageNotFoundError:
        return "absent"


def reached(start: Path) -> set[Path]:
    """A file and every file of ours that it imports, or that what it imports does."""
    found, new = {start}, [start]
    while new:
        more = set(imported(new.pop())) - found
        found |= more
        new += more
    return found


@cache
def imported(path: Path) -> frozenset[Path]:
    """The files of ours that one file imports from."""
    source = path.read_text()
    if not OURS.search(source):
        return frozenset()
    return frozenset(
        found
        for statement in ast.walk(ast.parse(source))
        if isinstance(statement, ast.ImportFrom) and (statement.module or "").startswith("registry")
        for found in named(statement)
    )


def named(statement: ast.ImportFrom) -> Iterator[Path]:
    """The module itself, and those of its names that are modules."""
    module = statement.module or ""
    for name in ("", *(f".{alias.name}" for alias in statement.names)):
        path = path_of(module + name)
        if path.exists():
            yield path


def path_of(module: str) -> Path:
    place = ROOT.joinpath(*module.split("."))
    return place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
