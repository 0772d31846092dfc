"""How far what was served has moved from its reference: measured here where both are registered, else "
"declared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from registry.checks import Issue, Severity
from registry.evaluating import Statement
from registry.operating import Operation, Served, said
from registry.profiles.drift import FEWEST_ROWS, drifts
from registry.quality import Needs
from registry.quality.ownership_coverage import named


@dataclass(frozen=True, slots=True)
class Moved:
    """One column, its PSI, and whether that is only declared."""

    column: str
    psi: float
    reference: str
    statement: Statement
    declared: bool

    def issue(self, severity: Severity, text: str) -> Issue:
        if self.declared:
            return said(self.statement, severity, f"column:{self.column}", text)
        about, place = f"{text} Measured here.", self.statement.place
        return Issue(severity, about, f"column:{self.column}:{self.statement.key}", place)


def moved(known: Operation) -> Iterator[Moved | Needs]:
    """Of every column that both sides have, or what is needed: what is measured outranks what is declared."""
    if not known.served:
        yield Needs("a record of what was served, as a version of a dataset here", page="served")
    for served in known.served:
        here = list(measured(served))
        names = {each.column for each in here}
        others = [each for each in declared(served.statement) if each.column not in names]
        yield from here
        yield from others
        if few := [name for name in too_few(served.statement) if name not in names]:
            yield Needs(f"{FEWEST_ROWS:,} values of {named(few)} on both sides", page="served")
        elif not here and not others:
            lacking = served.needs or f"columns with {FEWEST_ROWS:,} values on both sides"
            yield Needs(lacking, page="served")


def measured(served: Served) -> Iterator[Moved]:
    for now, before in served.pairs:
        for found in drifts(now, before):
            if found.psi is not None:
                yield Moved(found.column, found.psi, served.reference, served.statement, declared=False)


def too_few(statement: Statement) -> list[str]:
    """What is declared of fewer rows: PSI of two small samples of the same is large."""
    columns = statement.data.get("columns", ())
    return [each["name"] for each in columns if min(each["rows"], each["reference_rows"]) < FEWEST_ROWS]


def declared(statement: Statement) -> Iterator[Moved]:
    few = too_few(statement)
    for each in statement.data.get("columns", ()):
        if each["name"] not in few:
            yield Moved(each["name"], each["psi"], "its reference", statement, declared=True)
