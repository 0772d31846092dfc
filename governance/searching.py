"""The words that rows of a list are found by: plain, in any case, without an index."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, TypeVar

from django.db.models import Q, QuerySet

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
