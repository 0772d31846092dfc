"""What a page asks for several times is read once, while it is put together.

Only views that change nothing say `@one_look`, so all that such a page tells is of one moment. Anywhere else
each question is asked anew: what an action decides on is read behind its lock. Rights are not kept here.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
Found = TypeVar("Found")

known: ContextVar[dict[Hashable, Any] | None] = ContextVar("known", default=None)


def one_look(view: Callable[P, Found]) -> Callable[P, Found]:
    """Keep what is read `@once` until this view has answered."""

    @wraps(view)
    def looking(*args: P.args, **named: P.kwargs) -> Found:
        before = known.set({})
        try:
            return view(*args, **named)
        finally:
            known.reset(before)

    return looking


def once(read: Callable[P, Found]) -> Callable[P, Found]:
    """Within `one_look`, read the same only once. What comes back is shared: nobody changes it."""

    @wraps(read)
    def found(*args: P.args, **named: P.kwargs) -> Found:
        kept = known.get()
        if kept is None:
            return read(*args, **named)
        question = (read, args, *sorted(named.items()))
        if question not in kept:
            kept[question] = read(*args, **named)
        answer: Found = kept[question]
        return answer

    return found
