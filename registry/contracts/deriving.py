"""Terms that a table would meet, from its profile: somebody reads them before they hold.

Bounds are wider than what was seen. Values are proposed only where few of them make up the whole column and
ten rows or more hold each, and nothing is of a column that looks like personal data.
"""

from __future__ import annotations

from math import ceil, floor, log10
from typing import Any

from registry.checks import shown
from registry.profiles.drift import tells_rows_apart

KNOWN = ("integer", "number", "boolean", "date", "time", "text")
MOST_VALUES = 20
LONGEST_VALUE = 200
MOST_COLUMNS = 300

Values = dict[str, Any]


def derived(profiles: dict[str, Values]) -> Values:
    """A contract over tables by their paths; tables of the same columns and types share it when all of them
    end alike."""
    tables = {path: terms for path, profile in profiles.items() if (terms := of_table(profile))}
    if len(tables) == 1:
        return {"tables": {"*": next(iter(tables.values()))}}
    return {"tables": {literally(path): terms for path, terms in tables.items()}}


def literally(path: str) -> str:
    """The pattern that fits this path alone."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in path)


def of_table(profile: Values) -> Values | None:
    """Nothing when no column of it can be promised."""
    known = [column for column in profile["columns"] if can_be_named(column)][:MOST_COLUMNS]
    if not known:
        return None
    keys = set(profile.get("keys") or ())
    columns = {column["name"]: of_column(column, profile["rows"], keys) for column in known}
    whole = len(columns) == profile["width"]
    return {"columns": columns, "others": "refused" if whole else "allowed"}


def can_be_named(column: Values) -> bool:
    name = column["name"]
    return bool(name) and shown(name, 200) == name and column["type"] in (*KNOWN, "empty")


def of_column(column: Values, rows: int, keys: set[str]) -> Values:
    kind = "text" if column["type"] == "empty" else column["type"]
    terms: Values = {"type": kind, "missing": share(column["missing"], rows)}
    if column["name"] in keys:
        terms["unique"] = True
    if column.get("personal") or tells_rows_apart(column):
        return terms
    if kind in ("integer", "number"):
        terms |= bounds(column)
    elif kind == "text" and (values := all_values(column)):
        terms["values"] = values
    return terms


def share(missing: int, rows: int) -> float:
    """Half as much again as there is now, in whole percents; none when there is none."""
    return min(1.0, ceil(150 * missing / rows) / 100) if missing and rows else 0


def bounds(column: Values) -> Values:
    """Two digits, away from what was seen; what is never below zero stays so."""
    least, most = column.get("least"), column.get("most")
    if least is None or most is None:
        return {}
    wide = max(most - least, abs(most)) / 10
    lower = 0 if 0 <= least <= most - least else rounded(least - wide, floor)
    found = {"least": max(0, lower) if least >= 0 else lower, "most": rounded(most + wide, ceil)}
    if column["type"] == "integer":
        return {"least": floor(found["least"]), "most": ceil(found["most"])}
    return found


def rounded(value: float, towards: Any) -> float:
    if not value:
        return 0
    step = 10.0 ** (floor(log10(abs(value))) - 1)
    found = float(f"{towards(value / step) * step:.2g}")
    return int(found) if found.is_integer() and abs(found) < 1 << 53 else found


def all_values(column: Values) -> list[str]:
    values = column.get("values") or []
    if column.get("other_values") or not 0 < len(values) <= MOST_VALUES:
        return []
    texts = sorted(str(value) for value, _ in values)
    # a value of 80 characters may have been cut
    return texts if all(len(text) < 80 and shown(text, LONGEST_VALUE) == text for text in texts) else []
