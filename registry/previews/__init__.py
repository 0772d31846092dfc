"""What a file looks like inside, for somebody who may fetch it. One file here reads one family of formats.

A preview is made by a sandboxed child when somebody looks and is stored nowhere. Like a check it takes bytes;
it yields one fact: a list of parts, each of which a page shows and the API answers.

    said      text                              a sentence
    values    rows (pairs of word and value)
    table     head, rows, said
    lines     lines, label, first               text as it is, with numbers from `first` on, or none
    prose     lines                             Markdown
    picture   type, data (base64 in pieces), width, height

Knows neither Django nor settings, as checks do: the sandbox's parent imports this before either exists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, BinaryIO

from registry.checks import MIB, PREVIEWS, Check, Fact, Issue

Part = dict[str, Any]
Parts = Callable[[BinaryIO], Iterator[Part]]

SECONDS = 15
LONGEST_CELL = 200
MOST_PARTS = 200
ENDINGS: dict[str, str] = {}
"""Which preview reads a file, by how its name ends; `text` reads all others."""


class Unfit(Exception):
    """Nothing can be shown, and why, in a sentence."""


def preview(
    *endings: str, memory: int = 512 * MIB, libraries: Sequence[str] = ()
) -> Callable[[Parts], Parts]:
    """Register a function that yields parts, for files whose names end so."""

    def register(run: Parts) -> Parts:
        name = f"preview_{run.__module__.rpartition('.')[2]}"
        limits = SECONDS, memory, ""
        PREVIEWS[name] = Check(name, (), date(2026, 11, 27), *limits, tuple(libraries), as_check(run))
        ENDINGS.update(dict.fromkeys(endings, name))
        return run

    return register


def as_check(run: Parts) -> Callable[[BinaryIO], Iterator[Issue | Fact]]:
    def look(file: BinaryIO) -> Iterator[Issue | Fact]:
        try:
            parts = [part for part, _ in zip(run(file), range(MOST_PARTS), strict=False)]
        except Unfit as unfit:
            parts = [said(str(unfit))]
        yield Fact({"parts": parts})

    return look


def load() -> None:
    for module in sorted(iter_modules(__path__), key=lambda found: found.name):
        import_module(f"{__name__}.{module.name}")


def of(path: str) -> str:
    """The name of the preview that reads a file of this path."""
    return ENDINGS.get(path.lower().rpartition(".")[2], "preview_text")


# ------------------------------------------------------------------ parts


def said(text: str) -> Part:
    return {"kind": "said", "text": text}


def values(rows: Sequence[tuple[str, Any]]) -> Part:
    return {"kind": "values", "rows": [[cell(name), cell(value)] for name, value in rows]}


def table(head: Sequence[str], rows: Sequence[Sequence[Any]], about: str = "") -> Part:
    shown = [[cell(value) for value in row] for row in rows]
    return {"kind": "table", "head": [cell(word) for word in head], "rows": shown, "said": about}


def lines(text: Sequence[str], label: str = "", first: int = 0) -> Part:
    """`first` is the number of the first line; 0 leaves numbers out. Tabs become blanks: a control
    character is not shown."""
    return {"kind": "lines", "lines": [line.expandtabs(4) for line in text], "label": label, "first": first}


def prose(text: Sequence[str]) -> Part:
    return {"kind": "prose", "lines": [line.expandtabs(4) for line in text]}


def cell(value: Any) -> str:
    """A value of a table: nothing for a missing one, cut where it is long."""
    text = "" if value is None else " ".join(str(value).split()) if isinstance(value, str) else str(value)
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"
