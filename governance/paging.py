"""A page of rows, found by where the last one ended: as quick at row 1,000,000 as at row 1. Never OFFSET."""

from __future__ import annotations

import base64
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar, cast

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Field, Model, Q, QuerySet

from governance.errors import Invalid

SIZE = 50
MOST = 200
MOST_COUNTED = 1_000
LONGEST_CURSOR = 1_000

M = TypeVar("M", bound=Model)
R = TypeVar("R")
Direction = Literal["older", "newer"]


@dataclass(frozen=True)
class Page(Generic[R]):
    """Rows in their order, and the cursors of the pages before (`newer`) and after (`older`): empty
    where there is none."""

    rows: list[R]
    newer: str = ""
    older: str = ""


@dataclass(frozen=True)
class Cursor:
    """Where a page begins: behind the row with this value and key, seen in this direction."""

    order: str
    direction: Direction
    value: Any
    pk: int

    def __str__(self) -> str:
        value = self.value if isinstance(self.value, int | str) else self.value.isoformat()
        text = json.dumps([self.order, self.direction, value, self.pk], separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def page(rows: QuerySet[M], order: str, *, cursor: str = "", size: int = SIZE) -> Page[M]:
    """One page of a queryset in the order of one field (`name`, `-updated_at`, `-pk`), ties by key.

    `cursor` comes from a page before; raises `Invalid` for one that does not, or that belongs to
    another order. `size` is at most 200.
    """
    size = max(1, min(size, MOST))
    if not cursor:
        return first(rows, order, size)
    begin = read(cursor, rows.model, order)
    found = list(ordered(rows.filter(behind(begin)), order, begin.direction)[: size + 1])
    more, found = len(found) > size, found[:size]
    if begin.direction == "older":
        newer = mark(found[0], order, "newer") if found else Cursor(order, "newer", begin.value, begin.pk)
        return Page(found, str(newer), str(mark(found[-1], order, "older")) if more else "")
    if not more:
        return first(rows, order, size)  # what is left before a place near the start may be too short
    found.reverse()
    return Page(found, str(mark(found[0], order, "newer")), str(mark(found[-1], order, "older")))


def first(rows: QuerySet[M], order: str, size: int) -> Page[M]:
    return begun(list(opening(rows, order, size)), order, size)


def opening(rows: QuerySet[M], order: str, size: int) -> QuerySet[M]:
    """What `begun` makes the first page of: one more than it has."""
    return ordered(rows, order, "older")[: size + 1]


def begun(found: list[R], order: str, size: int) -> Page[R]:
    older = str(mark(found[size - 1], order, "older")) if len(found) > size else ""
    return Page(found[:size], "", older)


def ordered(rows: QuerySet[M], order: str, direction: Direction) -> QuerySet[M]:
    """By the field, then by key, both the same way, so that one index serves forwards and backwards."""
    sign = "-" if descends(order, direction) else ""
    field = order.removeprefix("-")
    return rows.order_by(f"{sign}pk") if field == "pk" else rows.order_by(f"{sign}{field}", f"{sign}pk")


def descends(order: str, direction: Direction) -> bool:
    return order.startswith("-") == (direction == "older")


def behind(begin: Cursor) -> Q:
    """The rows behind a cursor. The first half can use the index, the second only drops ties."""
    field = begin.order.removeprefix("-")
    below = descends(begin.order, begin.direction)
    if field == "pk":
        return Q(**{"pk__lt" if below else "pk__gt": begin.pk})
    reached = Q(**{f"{field}__lte" if below else f"{field}__gte": begin.value})
    return reached & ~Q(**{field: begin.value, "pk__gte" if below else "pk__lte": begin.pk})


def mark(row: Any, order: str, direction: Direction) -> Cursor:
    return Cursor(order, direction, getattr(row, order.removeprefix("-")), row.pk)


def read(cursor: str, model: type[Model], order: str) -> Cursor:
    """A cursor from its text: whatever is wrong with it is one sentence."""
    try:
        if len(cursor) > LONGEST_CURSOR:
            raise ValueError(cursor)
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        given_order, direction, value, pk = json.loads(text)
        found = Cursor(given_order, direction, understood(value, model, order), pk)
        known = direction in {"older", "newer"} and isinstance(pk, int) and 0 <= pk < 2**63
        if not known or given_order != order or str(found) != cursor:
            raise ValueError(cursor)
    except (ValueError, TypeError, AttributeError, RecursionError, ValidationError, FieldDoesNotExist):
        raise Invalid("This place in the list is not known. Begin again without the cursor.") from None
    return found


def understood(value: Any, model: type[Model], order: str) -> Any:
    """A cursor's value as its field has it. What the database cannot hold never reaches it: NUL, half a
    character, a time without a zone."""
    field = order.removeprefix("-")
    found = value if field == "pk" else cast("Field[Any, Any]", model._meta.get_field(field)).to_python(value)
    if isinstance(found, str) and "\0" in found.encode().decode():
        raise ValueError(value)
    if isinstance(found, datetime) and found.tzinfo is None:
        raise ValueError(value)
    return found


def sorted_by(given: str, allowed: Collection[str], usual: str) -> str:
    """The order that was asked for, when it is one of those that an index serves."""
    if given and given not in allowed:
        raise Invalid(f"A list is sorted by one of {', '.join(allowed)}.", errors={"sort": ["Not known."]})
    return given or usual


def bounded_count(rows: QuerySet[Any], most: int = MOST_COUNTED) -> str:
    """How many rows there are, counted no further than `most`: "38", "1,000+"."""
    return bounded(rows.order_by()[: most + 1].count(), most)


def bounded(number: int, most: int = MOST_COUNTED) -> str:
    return f"{most:,}+" if number > most else f"{number:,}"
