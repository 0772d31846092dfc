"""One way through a file for all checks that look at its parts: each is unpacked and recognised once.

A check says what it looks for in one part:

    @check("model", since=…)
    @each_part
    def run(part: Part) -> Iterator[Issue]: ...
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import update_wrapper
from typing import Any

from registry.checks import Check, Issue
from registry.parsers.inside import Closed, Part, everything

Look = Callable[[Part], Iterator[Issue]]


class EachPart:
    """A check's run that looks at one part after the other, and keeps nothing from one to the next."""

    def __init__(self, look: Look, closed: Callable[[Closed], Iterator[Issue]] | None) -> None:
        update_wrapper(self, look)
        self._look, self._closed = look, closed

    def __call__(self, file: Any) -> Iterator[Issue]:
        for found in everything(file):
            yield from self.look(found)

    def look(self, found: Part | Closed) -> Iterable[Issue]:
        if isinstance(found, Part):
            return self._look(found)
        return self._closed(found) if self._closed else ()


def each_part(look: Look) -> EachPart:
    return EachPart(look, None)


def each_part_and_closed(closed: Callable[[Closed], Iterator[Issue]]) -> Callable[[Look], EachPart]:
    """The same for a check that also tells of what cannot be opened."""
    return lambda look: EachPart(look, closed)


def together(asked: Iterable[Check]) -> list[Check]:
    """Those that share one way through a file; none when there is nobody to share it with."""
    found = [check for check in asked if isinstance(check.run, EachPart)]
    return found if len(found) > 1 else []
