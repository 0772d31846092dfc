"""How rows of a list are found: by plain words in any case, without an index; and one after the other."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, TypeVar

from django.db.models import BooleanField, Exists, Q, QuerySet
from django.db.models.functions import Coalesce

MOST_WORDS = 8

Rows = TypeVar("Rows", bound="QuerySet[Any]")


def searched(rows: Rows, fields: Collection[str], text: str) -> Rows:
    """The rows in which every word of a text, up to eight, stands in one of these fields. Without fields,
    none."""
    for word in text.split()[:MOST_WORDS]:
        anywhere = Q(pk__in=[])
        for field in fields:
            anywhere |= Q(**{f"{field}__icontains": word})
        rows = rows.filter(anywhere)
    return rows


def one_by_one(condition: Exists | Q) -> Coalesce:
    """A condition that is asked of each row in its turn, in the order of a list, until a page is full: bare,
    it becomes a join with all that there is."""
    return Coalesce(condition, False, output_field=BooleanField())
