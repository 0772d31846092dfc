"""A program or a script has no place among the files of a model or a dataset. An asset may be one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import BinaryIO

from registry.checks import Issue, check
from registry.formats.names import EXECUTABLE
from registry.parsers.inside import Part, parts

SCRIPTS = frozenset({"script"})
LIBRARIES = frozenset({"so", "exe", "dll", "dylib", "pyd", "com", "sys", "scr", "ko", "bundle", "node"})
LLAMAFILE = (b"MZqFpD='", b"jartsr='", b"APEDBG='")  # runs on every system. Source: justine.lol/ape.html

NEEDLESS = "which a model or a dataset does not need. Leave it out, or push it as an asset."


@check("model", "dataset", since=date(2026, 11, 24), timeout=30)
def run(file: BinaryIO) -> Iterator[Issue]:
    for part in parts(file):
        if is_program(part):
            text = f"This is a program, {NEEDLESS} Do not run it, and ask who made it."
            yield Issue("critical", text, "executable", part.path)
        elif part.format in SCRIPTS and not is_python(part):
            yield Issue("high", f"This is a script, {NEEDLESS}", "script", part.path)


def is_program(part: Part) -> bool:
    """By its bytes, or by a name under which a system would load it."""
    if part.format in EXECUTABLE - SCRIPTS or part.ends.head.startswith(LLAMAFILE):
        return True
    return part.extension in LIBRARIES and part.format in {"unknown", "zip", "pickle"}


def is_python(part: Part) -> bool:
    """A module that can be run as well: the check `source_code` reads it."""
    return part.extension == "py" and b"python" in part.ends.head.partition(b"\n")[0]
