"""The page of a contract: what it promises in words, who made it, and what each change changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from governance.models import User
from registry import measured
from registry.contracts import written
from registry.contracts.compatibility import Fields, of_terms
from registry.contracts.deriving import derived
from registry.contracts.outcomes import Outcome, outcomes
from registry.models import Artifact, Contract, Version
from registry.presenting import schemas
from registry.presenting.comparing import lines
from registry.presenting.words import number
from registry.quality import Table

MOST_KEPT = 20
MOST_OFFERED = 5
MODES = {"backward": "backward", "forward": "forward", "full": "both ways"}
WORDS = {
    "present": "there",
    "type": "type",
    "missing": "missing",
    "least": "least",
    "most": "most",
    "values": "allowed values",
    "pattern": "pattern",
    "longest": "longest",
    "unit": "unit",
    "key": "key",
    "rows": "number of rows",
    "freshness": "freshness",
    "others": "no other column",
    "upstream": "says what it comes from",
}
STATES = {
    "broken": ("blocked", "Broken"),
    "look": ("warn", "Look at it"),
    "not evaluated": ("neutral", "Not evaluated"),
    "stated": ("info", "Stated"),
    "met": ("good", "Met"),
}


@dataclass
class TermRow:
    """A column and what is promised of it."""

    name: str
    type: str
    unit: str
    promises: str


@dataclass
class TermTable:
    pattern: str
    columns: list[TermRow]
    also: list[str]


def tables(terms: dict[str, Any] | None) -> list[TermTable]:
    return [of_table(pattern, table) for pattern, table in (terms or {}).get("tables", {}).items()]


def of_table(pattern: str, table: dict[str, Any]) -> TermTable:
    rows = [
        TermRow(name, column["type"], column.get("unit", ""), ", ".join(promises(column)))
        for name, column in table["columns"].items()
    ]
    return TermTable(pattern, rows, list(also(table)))


def promises(column: dict[str, Any]) -> Iterable[str]:
    if column.get("optional"):
        yield "may be absent"
    if column.get("unique"):
        yield "a key"
    if "missing" in column:
        yield f"{100 * column['missing']:.3g} % may be missing" if column["missing"] else "never missing"
    ends = [
        f"{word} {number(column[end])}" for end, word in (("least", "from"), ("most", "to")) if end in column
    ]
    if ends:
        yield " ".join(ends)
    if "values" in column:
        values = [str(value) for value in column["values"]]
        yield f"one of {', '.join(values[:10])}{' and more' if len(values) > 10 else ''}"
    if "pattern" in column:
        yield f"like {column['pattern']}"
    if "longest" in column:
        yield f"at most {column['longest']:,} characters"


def also(table: dict[str, Any]) -> Iterable[str]:
    if table.get("others") == "refused":
        yield "no other column"
    for key in table.get("keys", ()):
        yield f"{', '.join(key)} together are a key"
    rows = table.get("rows", {})
    if "least" in rows:
        yield f"{rows['least']:,} rows or more"
    if "most" in rows:
        yield f"{rows['most']:,} rows at most"
    if "freshness" in table:
        yield f"the newest {table['freshness']['column']} is at most {table['freshness']['hours']:g} h old"
    if "compatibility" in table:
        yield f"{MODES[table['compatibility']]} compatible with the version before"
    if table.get("upstream"):
        yield "says what it comes from"


def of(person: User, artifact: Artifact) -> QuerySet[Contract]:
    return Contract.objects.visible_to(person).filter(artifact=artifact).select_related("by")


def page(person: User, artifact: Artifact, asked: str) -> dict[str, Any]:
    """The one that is asked for by its number, else the newest."""
    kept = list(of(person, artifact)[:MOST_KEPT])
    shown = kept[0] if kept else None
    if asked.isdecimal() and len(asked) < 10:
        shown = of(person, artifact).filter(number=asked).first() or shown
    versions = Version.objects.visible_to(person).filter(artifact=artifact).exclude(submitted_at=None)
    return {
        "shown": shown,
        "newest": kept[0] if kept else None,
        "kept": kept,
        "tables": tables(shown.terms) if shown else [],
        "changed_from": shown.number - 1 if shown else 0,
        **(changed(person, artifact, shown) if shown else {}),
        "offered": list(versions.order_by("-number").values_list("number", flat=True)[:MOST_OFFERED]),
    }


def changed(person: User, artifact: Artifact, contract: Contract) -> dict[str, Any]:
    """From the one before, as YAML, and what that is to those who read the tables."""
    before = of(person, artifact).filter(number=contract.number - 1).first()
    if before is None:
        return {}
    old, new = (of_contract(each) for each in (before, contract))
    return {
        "changed": lines(text(before), text(contract)),
        "schemas": schemas.schemas(old, new),
    }


def of_contract(contract: Contract) -> dict[str, Fields | None]:
    tables = (contract.terms or {}).get("tables", {})
    return {pattern: of_terms(table) for pattern, table in tables.items()}


def text(contract: Contract | None) -> str:
    """As YAML; empty where none holds."""
    terms = contract.terms if contract else None
    return written.text(terms) if terms else ""


def from_version(version: Version) -> dict[str, Any] | None:
    """A contract that this version would meet, from its profile; nothing when no table was measured."""
    found = derived(measured.known(version))
    return found if found["tables"] else None


# ------------------------------------------------------------------ of a version


@dataclass
class OutcomeRow:
    about: str
    clause: str
    state: str
    word: str
    said: str


@dataclass
class Kept:
    """What became of a contract in one table: the rest first, then what is met."""

    number: int
    summary: str
    rows: list[OutcomeRow] = field(default_factory=list)
    met: list[OutcomeRow] = field(default_factory=list)


def kept(contract: Contract | None, table: Table) -> Kept | None:
    """Nothing when none holds for it."""
    if contract is None or table.contract is None:
        return None
    found = list(outcomes(table.contract, table.profile, table.seen))
    order = list(STATES)
    rows = [row(each) for each in sorted(found, key=lambda each: order.index(each.state))]
    done = STATES["met"][1]
    return Kept(
        contract.number,
        summed_up(found),
        [each for each in rows if each.word != done],
        [each for each in rows if each.word == done],
    )


def summed_up(found: Iterable[Outcome]) -> str:
    counts = Counter(str(outcome.state) for outcome in found)
    return ", ".join(f"{counts[state]} {state}" for state in STATES if counts[state])


def row(outcome: Outcome) -> OutcomeRow:
    clause = outcome.clause
    state, word = STATES[outcome.state]
    said = f"needs {outcome.said}" if outcome.state == "not evaluated" else outcome.said
    if outcome.state == "stated":
        said = f"{clause.bound}: no byte tells it"
    return OutcomeRow(", ".join(clause.columns) or "the table", WORDS[clause.kind], state, word, said)
