"""JSON where one text means one thing: the same key twice, or too deep a nesting, is an error."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

DEEPEST = 200
MOST_TABLES = 300_000  # and lists: some 60 MiB
MOST_TEXTS = 500_000  # keys, too: some 60 MiB


class Repeated(ValueError):
    """The same key twice in one table: readers differ in which one they take."""


class TooDeep(ValueError):
    """Nested more deeply than any honest file."""


class Crowded(ValueError):
    """More tables and lists than any settings have, and than may be held in memory."""


def loads(text: str) -> Any:
    """`Repeated`, `TooDeep` or another `ValueError` for what is not strict. NaN and infinities pass: Python
    itself writes them."""
    thin_enough(text)
    try:
        return json.loads(text, object_pairs_hook=once)
    except RecursionError as error:
        raise TooDeep from error


def lenient(text: str) -> Any:
    """As most readers take it: of the same keys the last one counts."""
    thin_enough(text)
    try:
        return json.loads(text)
    except RecursionError as error:
        raise TooDeep from error


def thin_enough(text: str) -> None:
    """`Crowded` before it is read when it is not."""
    if text.count("[") + text.count("{") > MOST_TABLES or text.count('"') > 2 * MOST_TEXTS:
        raise Crowded


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Repeated
    return found


def nodes(value: Any) -> Iterator[tuple[str, Any]]:
    """Every value in the tree with the key it lies under; `TooDeep` for a tree deeper than any honest one."""
    waiting: list[tuple[str, Any, int]] = [("", value, 0)]
    while waiting:
        key, found, depth = waiting.pop()
        if depth > DEEPEST:
            raise TooDeep
        yield key, found
        if isinstance(found, dict):
            waiting.extend((name, entry, depth + 1) for name, entry in found.items())
        elif isinstance(found, list):
            waiting.extend((key, entry, depth + 1) for entry in found if not isinstance(entry, int | float))
