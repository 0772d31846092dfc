"""A contract as it is kept: by its schema, and so that each of its clauses can be counted."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from governance.errors import Invalid
from registry.contracts import written
from registry.records import settled
from registry.schemas import Schema

SCHEMA = Schema(Path(__file__).parent / "contract.json")
NUMBERS, TIMES = ("integer", "number"), ("date", "time")
MOST_BYTES = 64 << 10
LOOKING_AROUND = re.compile(r"\(\?[^:)a-zA-Z]|\(\?P|\\[1-9]|\\[kZ]")

Terms = dict[str, Any]


def from_yaml(text: str) -> Terms:
    try:
        return checked(written.read(text))
    except written.Unwritten as error:
        raise refused(str(error)) from error


def checked(data: Any) -> Terms:
    """The terms as they are kept; else a sentence that says what is wrong with them."""
    try:
        kept = settled(data)
    except Invalid as problem:
        raise refused(problem.sentence) from problem
    if len(json.dumps(kept, ensure_ascii=False).encode()) > MOST_BYTES:
        raise refused(f"A contract has at most {MOST_BYTES >> 10} KiB.")
    if complaint := SCHEMA.complaint(kept, "The contract"):
        raise refused(complaint)
    for path, table in kept["tables"].items():
        for sentence in wrong_in(table):
            raise refused(f"{path}: {sentence}")
    terms: Terms = kept
    return terms


def refused(sentence: str) -> Invalid:
    return Invalid(sentence, errors={"contract": [sentence]})


def wrong_in(table: Terms) -> Iterator[str]:
    """What no schema says: clauses that do not fit their column, or name one that is not there."""
    columns = table["columns"]
    for name, column in columns.items():
        yield from wrong_in_column(name, column)
    for key in table.get("keys", ()):
        for name in key:
            if name not in columns:
                yield f"the key {', '.join(key)} names {name}, which is not among the columns."
    fresh = table.get("freshness")
    if fresh and columns.get(fresh["column"], {}).get("type") not in TIMES:
        yield f"freshness names {fresh['column']}, which is no column of dates or times here."
    rows = table.get("rows", {})
    if rows.get("least", 0) > rows.get("most", rows.get("least", 0)):
        yield "its least rows are more than its most."


def wrong_in_column(name: str, column: Terms) -> Iterator[str]:
    kind = column["type"]
    bounds = [column[end] for end in ("least", "most") if end in column]
    wanted: Any = str if kind in TIMES else int | float
    if bounds and kind not in (*NUMBERS, *TIMES):
        yield f"{name} is {kind}: only numbers, dates and times have a least or a most."
    elif any(isinstance(bound, bool) or not isinstance(bound, wanted) for bound in bounds):
        yield f"the least and the most of {name} are {'dates' if kind in TIMES else 'numbers'}."
    elif len(bounds) == 2 and bounds[0] > bounds[1]:
        yield f"the least of {name} is above its most."
    values = column.get("values", ())
    if any(not fits(value, kind) for value in values):
        yield f"the values of {name} are not all of its type, {kind}: put what is text in quotes."
    if kind != "text" and ("pattern" in column or "longest" in column):
        yield f"{name} is {kind}: only a text has a pattern or a longest."
    if "pattern" in column and not can_be_used(column["pattern"]):
        yield f"the pattern of {name} is no regular expression, or looks around or back."


def fits(value: Any, kind: str) -> bool:
    if kind == "boolean" or isinstance(value, bool):
        return kind == "boolean" and isinstance(value, bool)
    return isinstance(value, int | float) if kind in NUMBERS else isinstance(value, str)


def can_be_used(pattern: str) -> bool:
    """Whether it is one for a matcher whose time grows with the text and not with the pattern's tricks."""
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return False
    return LOOKING_AROUND.search(pattern) is None


def for_path(terms: Terms | None, path: str) -> Terms | None:
    """The terms of the first pattern that a path fits; nothing when none does."""
    found = pattern_of(terms, path)
    return terms["tables"][found] if terms and found is not None else None


def pattern_of(terms: Terms | None, path: str) -> str | None:
    return next((each for each in (terms or {}).get("tables", ()) if fnmatchcase(path, each)), None)


def unused(terms: Terms | None, paths: list[str]) -> list[str]:
    """The patterns that no path fits first: a table is not there."""
    taken = {pattern_of(terms, path) for path in paths}
    return [each for each in (terms or {}).get("tables", ()) if each not in taken]
