"""A table's terms as single clauses. What has to be counted in the rows is kept under the key of its clause,
so that a later contract with the same clause needs no second look."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

COUNTED = ("type", "least", "most", "values", "pattern", "longest", "key")
OF_A_COLUMN = ("least", "most", "values", "pattern", "longest", "unit")


@dataclass(frozen=True, slots=True)
class Clause:
    """One promise about one or more columns, or about the table; `type` is the column's."""

    kind: str
    columns: tuple[str, ...] = ()
    bound: Any = None
    type: str = ""

    @property
    def key(self) -> str:
        said = json.dumps([self.kind, self.columns, self.bound, self.type], sort_keys=True)
        return sha256(said.encode()).hexdigest()[:16]

    @property
    def name(self) -> str:
        """What stays the same when its bound changes."""
        return f"{self.kind}:{','.join(self.columns)}"

    @property
    def column(self) -> str:
        return self.columns[0] if len(self.columns) == 1 else ""


def clauses(table: dict[str, Any]) -> Iterator[Clause]:
    """All of them, of the whole table first."""
    for kind in ("rows", "freshness"):
        if kind in table:
            column = (table[kind]["column"],) if kind == "freshness" else ()
            yield Clause(kind, column, table[kind])
    if table.get("others") == "refused":
        yield Clause("others", bound=sorted(table["columns"]))
    if table.get("upstream"):
        yield Clause("upstream")
    for name, column in table["columns"].items():
        yield from of_column(name, column)
    for key in table.get("keys", ()):
        yield Clause("key", tuple(key))


def of_column(name: str, column: dict[str, Any]) -> Iterator[Clause]:
    kind, here = column["type"], (name,)
    yield Clause("present", here, not column.get("optional", False))
    yield Clause("type", here, type=kind)
    yield Clause("missing", here, column.get("missing"))
    for each in OF_A_COLUMN:
        if each in column:
            yield Clause(each, here, column[each], kind)
    if column.get("unique"):
        yield Clause("key", here)
