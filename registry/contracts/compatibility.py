"""Whether who reads one table can read another one: by their columns, from two profiles or two contracts.

Backward: what was made for the newer one reads the earlier one, such as training anew on all versions.
Forward: what was made for the earlier one reads the newer one, such as a pipeline that is there already. The
rules are those of Avro's schema resolution (1.12): an integer is read as a number, and never the other way
round; a column that may be missing may come and go; one that is always there may not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

Mode = Literal["full", "backward", "forward", "none"]
WIDER = {("integer", "number"), ("date", "time")}
ANYTHING = "empty"
VERDICTS: dict[Mode, str] = {
    "full": "compatible both ways",
    "backward": "backward compatible only: what reads the earlier one may not read this one",
    "forward": "forward compatible only: what reads this one may not read the earlier one",
    "none": "compatible in neither direction",
}
NO_READER = {
    (True, True): "compatible both ways",
    (True, False): "what reads the earlier one cannot read this one",
    (False, True): "what reads this one cannot read the earlier one",
    (False, False): "neither can be read by what reads the other",
}


@dataclass(frozen=True, slots=True)
class Field:
    """A column as a reader has to know it. No values: it does not say which ones there are."""

    type: str
    required: bool
    values: frozenset[str] | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    column: str
    what: Literal["added", "removed", "changed"]
    before: str
    after: str
    backward: bool
    forward: bool

    @property
    def said(self) -> str:
        words = {
            "added": f"{self.column} is new ({self.after})",
            "removed": f"{self.column} is gone ({self.before})",
            "changed": f"{self.column} was {self.before} and is {self.after}",
        }
        return f"{words[self.what]}: {NO_READER[self.backward, self.forward]}."


Fields = dict[str, Field]


def of_profile(profile: dict[str, Any], terms: dict[str, Any] | None = None) -> Fields | None:
    """As it was measured; whether a column is always there says the contract, where it says so. Nothing when
    not all columns were measured."""
    if profile["width"] > len(profile["columns"]):
        return None
    said = (terms or {}).get("columns", {})
    return {
        column["name"]: Field(column["type"], always(said.get(column["name"]), not column["missing"]))
        for column in profile["columns"]
    }


def of_terms(table: dict[str, Any]) -> Fields:
    return {
        name: Field(
            column["type"],
            always(column, False),
            frozenset(map(str, column["values"])) if "values" in column else None,
            column.get("unit", ""),
        )
        for name, column in table["columns"].items()
    }


def always(column: dict[str, Any] | None, otherwise: bool) -> bool:
    """Whether a column is promised to be there and filled."""
    if column is None or ("missing" not in column and not column.get("optional")):
        return otherwise
    return not column.get("optional") and not column["missing"]


def changes(before: Fields, after: Fields) -> Iterator[Change]:
    """In the order of the newer one, then what is gone."""
    for name, field in after.items():
        if name not in before:
            yield Change(name, "added", "", told(field), not field.required, True)
        else:
            yield from changed(name, before[name], field)
    for name, field in before.items():
        if name not in after:
            yield Change(name, "removed", told(field), "", True, not field.required)


def told(field: Field) -> str:
    return f"{field.type}, {'always there' if field.required else 'may be missing'}"


def changed(name: str, before: Field, after: Field) -> Iterator[Change]:
    if before.type != after.type and ANYTHING not in (before.type, after.type):
        pair = before.type, after.type
        yield Change(name, "changed", *pair, pair in WIDER, pair[::-1] in WIDER)
    if before.unit != after.unit:
        yield Change(
            name, "changed", f"in {before.unit or 'no unit'}", f"in {after.unit or 'no unit'}", False, False
        )
    if before.values is not None and after.values is not None and before.values != after.values:
        old, new = before.values, after.values
        yield Change(name, "changed", f"one of {len(old)}", f"one of {len(new)}", old <= new, new <= old)


def verdict(found: list[Change]) -> Mode:
    backward, forward = all(each.backward for each in found), all(each.forward for each in found)
    if backward:
        return "full" if forward else "backward"
    return "forward" if forward else "none"


def breaks(change: Change, mode: str) -> bool:
    """Whether a change does what a contract with this mode refuses."""
    return (mode in ("backward", "full") and not change.backward) or (
        mode in ("forward", "full") and not change.forward
    )
