"""How rows of a list are found: by plain words in any case, without an index; and one after the other."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, TypeVar

from django.db.models import BooleanField, Exists, Lookup, Q, QuerySet
from django.db.models.functions import Coalesce

MOST_WORDS = 8

Rows = TypeVar("Rows", bound="QuerySet[Any]")


def searched(rows: Rows, fields: Collection[str], text: str) -> Rows:
    """The rows in which every word of a text, up to eight, stands in one of these fields. Without fields,
    none."""
    return having(rows, fields, text.split()[:MOST_WORDS])


def having(rows: Rows, fields: Collection[str], words: Iterable[Any]) -> Rows:
    """The same for words, which may be values to come (see `prepared`)."""
    for word in words:
        anywhere = Q(pk__in=[])
        for field in fields:
            anywhere |= Q(**{f"{field}__icontains": word})
        rows = rows.filter(anywhere)
    return rows


def by_name(text: str) -> tuple[int, dict[str, str]]:
    """How many words a text has, up to eight, and all eight by name, for a query whose SQL is kept."""
    words = text.split()[:MOST_WORDS]
    return len(words), {
        f"word{place}": word for place, word in enumerate((words + [""] * MOST_WORDS)[:MOST_WORDS])
    }


def one_by_one(condition: Exists | Q | Lookup[Any]) -> Coalesce:
    """A condition that is asked of each row in its turn, in the order of a list, until a page is full: bare,
    it becomes a join with all that there is."""
    return Coalesce(condition, False, output_field=BooleanField())
