"""What a step is only taken for: how an earlier came out, what a run is about, what is declared of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from governance.access import listed
from governance.errors import Invalid
from kb.playbooks.tables import Table
from registry import records
from registry.models import Kind

RESULTS = ("proved", "waived", "skipped")


class Earlier(Protocol):
    """A step of the playbook, as far as conditions look at it."""

    @property
    def number(self) -> int: ...
    @property
    def title(self) -> str: ...
    @property
    def needs(self) -> tuple[Any, ...]: ...


@dataclass(frozen=True)
class When:
    """All that is said in it has to hold. `least` and `most` are of the number that was put into `step`, or
    of what `record` says in `field`; `values` are what it may say there."""

    step: str = ""
    chosen: tuple[str, ...] = ()
    result: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    tag: tuple[str, ...] = ()
    record: str = ""
    field: str = ""
    values: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None

    @property
    def is_of_number(self) -> bool:
        return self.least is not None or self.most is not None

    def takes(self, number: float) -> bool:
        low = self.least is not None and number < self.least
        return not low and (self.most is None or number <= self.most)

    def fits(self, said: Any) -> bool:
        """Whether what a record says is what is asked for."""
        if self.is_of_number:
            return isinstance(said, int | float) and not isinstance(said, bool) and self.takes(said)
        return not self.values or str(said) in self.values

    def check(self, where: str, number: int, known: Mapping[str, Earlier]) -> None:
        """That what it names is there, and earlier."""
        if not self.step:
            return
        asked = known.get(self.step)
        if asked is None or asked.number >= number:
            raise Invalid(f"{where}: its condition names no choice of an earlier step.")
        options = {each for need in asked.needs for each in need.options}
        if not set(self.chosen) <= options:
            raise Invalid(f"{where}: its condition names no choice of an earlier step.")
        if self.is_of_number and not self.record and not any(need.kind == "number" for need in asked.needs):
            raise Invalid(f"{where}: its condition is of a number, and {self.step} asks for none.")

    def said(self, known: Mapping[str, Earlier]) -> str:
        """“at “Rare classes” rare was chosen”."""
        parts = []
        title = f"“{known[self.step].title}”" if self.step else ""
        if self.chosen:
            parts.append(f"{listed(self.chosen, 'or')} was chosen at {title}")
        if self.result:
            words = [{"skipped": "not taken"}.get(each, each) for each in self.result]
            parts.append(f"{title} was {listed(words, 'or')}")
        if self.is_of_number and not self.record:
            parts.append(f"the number at {title} is {self.range}")
        if self.kind:
            parts.append(f"it is about a {listed(self.kind, 'or')}")
        if self.tag:
            parts.append(f"what it is about is tagged {listed(self.tag, 'or')}")
        if self.record:
            values = f" as {listed(self.values, 'or')}" if self.values else ""
            range = f": {self.range}" if self.is_of_number else ""
            parts.append(f"a {self.record} record says {self.field}{values}{range}")
        return listed(parts, "and")

    @property
    def range(self) -> str:
        bounds = ((self.least, "at least"), (self.most, "at most"))
        return " and ".join(f"{word} {bound:g}" for bound, word in bounds if bound is not None)


def condition(where: str, data: Mapping[str, Any] | None, about: str) -> When | None:
    if data is None:
        return None
    table = Table(f"{where}, when", data)
    made = When(
        table.text("step", 60, needed=False),
        tuple(table.texts("chosen", 12, 80)),
        tuple(table.texts("result", 3, 10)),
        tuple(table.texts("kind", 3, 10)),
        tuple(table.texts("tag", 12, 60)),
        table.one_of("record", records.KINDS, needed=False),
        table.text("field", 80, needed=False),
        tuple(table.texts("is", 12, 80)),
        table.number("least"),
        table.number("most"),
    )
    table.nothing_else()
    if fault := what_is_wrong(made, about):
        raise Invalid(f"{where}: its condition {fault}.")
    return made


def what_is_wrong(made: When, about: str) -> str:
    of_step = bool(made.chosen or made.result or (made.is_of_number and not made.record))
    if made.step and not of_step:
        return "says no more than a step: say chosen, result, least or most"
    if of_step and not made.step:
        return "says no step"
    if strange := [each for each in made.result if each not in RESULTS]:
        return f"knows no result {strange[0]}. Write one of {', '.join(RESULTS)}"
    if strange := [each for each in made.kind if each not in Kind.values]:
        return f"knows no kind {strange[0]}. Write one of {', '.join(Kind.values)}"
    if bool(made.record) != bool(made.field) or (made.values and not made.record):
        return "names a record with its field, and what it says there with is"
    if (made.kind or made.tag) and about == "team":
        return "is of a version, and this is about a team"
    if not (made.step or made.kind or made.tag or made.record):
        return "says nothing"
    if made.least is not None and made.most is not None and made.least > made.most:
        return f"is never met: no number is at least {made.least:g} and at most {made.most:g}"
    return ""
