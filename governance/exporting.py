"""The trail as a file: CSV for a spreadsheet, or JSON with one event a line. Streamed, and bounded."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from io import StringIO
from itertools import islice
from typing import Any

from governance.mentions import masked
from governance.models import Event, User
from governance.models.events import EventQuerySet

FIELDS = (
    "id", "at", "action", "outcome", "subject", "digest", "team", "actor", "token", "address", "request_id",
    "before", "after", "reason",
)  # fmt: skip
MOST = 100_000
EACH = 1_000
# What a spreadsheet would take for a formula.
ACTS = ("=", "+", "-", "@", "\t", "\r")

Row = Callable[[Event], str]


def lines(person: User, events: EventQuerySet, form: str) -> Iterator[str]:
    """The newest 100,000 of these events, as one may read them."""
    if form == "csv":
        yield written(list(FIELDS))
    row = FORMS[form]
    found = events.order_by("-pk").defer("canonical", "salts")[:MOST].iterator(chunk_size=EACH)
    while some := list(islice(found, EACH)):
        yield "".join(map(row, masked(person, some)))


def as_csv(event: Event) -> str:
    return written([cell(getattr(event, name)) for name in FIELDS])


def as_json(event: Event) -> str:
    values = {name: getattr(event, name) for name in FIELDS}
    return json.dumps({**values, "at": event.at.isoformat()}, ensure_ascii=False) + "\n"


FORMS: dict[str, Row] = {"csv": as_csv, "jsonl": as_json}


def cell(value: Any) -> str:
    """One cell. What would act when it is opened gets an apostrophe before it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    text = value if isinstance(value, str | int) else json.dumps(value, ensure_ascii=False)
    said = str(text)
    return f"'{said}" if said.startswith(ACTS) else said


def written(cells: list[str]) -> str:
    line = StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()
