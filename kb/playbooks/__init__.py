"""Playbooks as files: one TOML file each, read strictly when the server starts. One that is broken stops it.

A team's own copy is the same text and is read by the same rules, so every fault is a sentence.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from governance.errors import Invalid
from kb.playbooks.conditions import When, condition
from kb.playbooks.tables import Table
from registry import checks, quality, records, required_runs
from registry.checks import CHECKS
from registry.models import Link
from registry.quality import QUALITY

MOST_BYTES = 200_000
MOST_STEPS, MOST_NEEDS = 100, 12
MOST_DAYS = 730

ABOUT = {
    "model": "a version of a model",
    "dataset": "a version of a dataset",
    "version": "a version of anything",
    "team": "a team",
}
ROLES = {
    "data-engineer": "Data engineer",
    "data-scientist": "Data scientist",
    "devops-engineer": "DevOps engineer",
    "steward": "Steward",
    "facilitator": "Facilitator",
    "party": "Party",
    "adviser": "Adviser",
}
FROM_OUTSIDE = frozenset({"party", "adviser"})
"""Who in confidence may be of another team, or have no role that works in runs."""
EVERY = "*"
"""As a check: all that its kind has to pass."""

# The fields of each kind of evidence: those that it must have, those that it may have.
KINDS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "check": (frozenset({"check"}), frozenset({"record"})),
    "evaluation": (frozenset(), frozenset({"part"})),
    "record": (frozenset({"record"}), frozenset({"field", "least", "most"})),
    "profile": (frozenset(), frozenset()),
    "lineage": (frozenset(), frozenset({"relation"})),
    "card": (frozenset(), frozenset()),
    "signature": (frozenset(), frozenset()),
    "approval": (frozenset({"alias"}), frozenset()),
    "alias": (frozenset({"alias"}), frozenset()),
    "statement": (frozenset(), frozenset({"everybody"})),
    "number": (frozenset({"unit"}), frozenset({"least", "most"})),
    "choice": (frozenset({"options"}), frozenset()),
    "pair": (frozenset(), frozenset()),
    "paired": (frozenset(), frozenset()),
    "upload": (frozenset(), frozenset()),
    "article": (frozenset(), frozenset()),
    "decision": (frozenset(), frozenset({"before"})),
    "run": (frozenset({"playbook"}), frozenset()),
}
WRITTEN = frozenset({"statement", "number", "choice", "upload", "article", "decision", "pair"})
"""What a person puts in; everything else the registry proves by itself."""


@dataclass(frozen=True)
class Need:
    """One piece of evidence that a step asks for."""

    kind: str
    text: str
    check: str = ""
    record: str = ""
    field: str = ""
    """What of a record has to be said: “golden.largest_difference”."""
    part: str = ""
    relation: str = ""
    alias: str = ""
    unit: str = ""
    least: float | None = None
    most: float | None = None
    options: tuple[str, ...] = ()
    playbook: str = ""
    everybody: bool = False
    before: str = ""
    """The kind of record that tells of what has to have begun later."""

    @property
    def is_written(self) -> bool:
        return self.kind in WRITTEN

    def takes(self, number: float) -> bool:
        low = self.least is not None and number < self.least
        return not low and (self.most is None or number <= self.most)

    @property
    def range(self) -> str:
        """What a number may be: “at most 0.5 pp”."""
        least, most = f"{self.least:g}" if self.least is not None else "", self.most
        if most is None:
            return f"at least {least} {self.unit}".strip() if least else f"in {self.unit}"
        upto = f"{most:g} {self.unit}".strip()
        return f"from {least} to {upto}" if least else f"at most {upto}"


@dataclass(frozen=True)
class Step:
    key: str
    title: str
    do: str
    roles: tuple[str, ...]
    needs: tuple[Need, ...]
    after: tuple[str, ...] = ()
    when: When | None = None
    days: int | None = None
    number: int = 0

    @property
    def waits_for(self) -> set[str]:
        """The steps before it, and the one that its condition is about."""
        return {*self.after, *({self.when.step} if self.when and self.when.step else ())}


@dataclass(frozen=True)
class Playbook:
    code: str
    title: str
    about: str
    questions: tuple[int, ...]
    decides: str
    intro: str
    steps: tuple[Step, ...]
    corrections: tuple[str, ...] = ()
    source: str = ""
    checks: tuple[str, ...] = ()
    confidential: bool = False
    text: str = field(default="", repr=False, compare=False)

    @property
    def digest(self) -> str:
        return digest_of(self.text)

    @property
    def roles(self) -> list[str]:
        """In the order of ROLES."""
        named = {role for step in self.steps for role in step.roles}
        return [role for role in ROLES if role in named]

    def step(self, key: str) -> Step | None:
        return next((step for step in self.steps if step.key == key), None)


PLAYBOOKS: dict[str, Playbook] = {}


def load() -> None:
    """Every shipped one, by its code. They name checks, which are loaded first."""
    checks.load()
    quality.load_all()
    PLAYBOOKS.clear()
    for path in sorted(Path(__file__).parent.glob("*.toml")):
        found = new(path.read_text(encoding="utf-8"))
        if found.code != path.stem:
            raise Invalid(f"{path.name}: it is called {found.code} inside. File and code have one name.")
        PLAYBOOKS[found.code] = found
        if found.about != "team":
            required_runs.offer(found.code, found.title)
    for playbook in PLAYBOOKS.values():
        for step in playbook.steps:
            for need in step.needs:
                if need.playbook and need.playbook not in PLAYBOOKS:
                    raise Invalid(f"{playbook.code}, step {step.key}: there is no playbook {need.playbook}.")


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


# ------------------------------------------------------------------ reading


def new(text: str) -> Playbook:
    """What is shipped or set now, which names only checks that are here. What a run pinned long ago may name
    one that is gone: it is read all the same, and that check is not evaluated."""
    found = read(text)
    for name in found.checks:
        refuse_unknown(found.code, name)
    for made in found.steps:
        for each in made.needs:
            refuse_unknown(f"{found.code}, step {made.key}", each.check)
    return found


def refuse_unknown(where: str, check: str) -> None:
    if check and not is_known(check):
        raise Invalid(f"{where}: there is no check {check}.")


@lru_cache(256)
def read(text: str) -> Playbook:
    """A playbook from its text; `Invalid` says what is wrong, and where."""
    if len(text.encode()) > MOST_BYTES:
        raise Invalid(f"A playbook has at most {MOST_BYTES // 1000} kB.")
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # numbers of thousands of digits are a ValueError, too
        raise Invalid(f"This is not TOML: {str(error)[:200]}.") from error
    where = str(data.get("code", ""))[:20] or "The playbook"
    whole = Table(where, data)
    given: dict[str, Any] = {
        "code": whole.text("code", 20),
        "title": whole.text("title", 120),
        "about": whole.one_of("about", ABOUT),
        "questions": tuple(whole.numbers("questions", 1, 20)),
        "decides": whole.text("decides", 300),
        "intro": " ".join(whole.text("intro", 4000).split()),
        "corrections": tuple(whole.texts("corrections", 10, 1000)),
        "source": whole.text("source", 500, needed=False),
        "checks": tuple(whole.texts("checks", 20, 60)),
        "confidential": whole.flag("confidential"),
    }
    tables = enumerate(whole.tables("step", MOST_STEPS), 1)
    steps = [step(where, number, each, given["about"]) for number, each in tables]
    whole.nothing_else()
    return Playbook(**given, steps=tuple(in_order(where, steps)), text=text)


def is_known(check: str) -> bool:
    return check == EVERY or check in CHECKS or check in QUALITY


def step(playbook: str, number: int, data: Mapping[str, Any], about: str) -> tuple[Step, bool]:
    """A step, and whether it says itself after which others it comes."""
    key = data.get("key")
    if not isinstance(key, str) or not key.replace("-", "").isalnum() or len(key) > 60 or not key.isascii():
        raise Invalid(f"{playbook}, step {number}: give it a key of letters, digits and dashes.")
    where = f"{playbook}, step {key}"
    table = Table(where, data)
    table.text("key", 60)
    needs = tuple(need(where, each) for each in table.tables("needs", MOST_NEEDS))
    said = "after" in data
    made = Step(
        key,
        table.text("title", 120),
        table.text("do", 2000),
        tuple(table.texts("roles", 6, 30)),
        needs,
        tuple(table.texts("after", MOST_STEPS, 60)),
        condition(where, table.table("when"), about),
        table.whole("days", 0, MOST_DAYS),
        number,
    )
    table.nothing_else()
    if strange := [role for role in made.roles if role not in ROLES]:
        raise Invalid(f"{where}: there is no role {strange[0]}. Write one of {', '.join(ROLES)}.")
    if not made.roles or not needs:
        raise Invalid(f"{where}: say which role does it and what proves it, with roles and needs.")
    return made, said


def need(where: str, data: Mapping[str, Any]) -> Need:
    table = Table(where, data)
    kind = table.one_of("kind", KINDS)
    must, may = KINDS[kind]
    if lacking := sorted(must - data.keys()):
        raise Invalid(f"{where}: evidence of the kind {kind} needs {lacking[0]}.")
    if strange := sorted(data.keys() - must - may - {"kind", "text"}):
        raise Invalid(f"{where}: evidence of the kind {kind} has no {strange[0]}.")
    made = Need(
        kind,
        table.text("text", 500),
        check=table.text("check", 60, needed=False),
        record=table.one_of("record", records.KINDS, needed=False),
        field=table.text("field", 80, needed=False),
        part=table.text("part", 20, needed=False),
        relation=table.one_of("relation", Link.Relation.values, needed=False),
        alias=table.text("alias", 60, needed=False),
        unit=table.text("unit", 40, needed=False),
        least=table.number("least"),
        most=table.number("most"),
        options=tuple(table.texts("options", 12, 80)),
        playbook=table.text("playbook", 20, needed=False),
        everybody=table.flag("everybody"),
        before=table.one_of("before", records.KINDS, needed=False),
    )
    if made.least is not None and made.most is not None and made.least > made.most:
        raise Invalid(f"{where}: no number is at least {made.least:g} and at most {made.most:g}.")
    if kind == "choice" and len(set(made.options)) < 2:
        raise Invalid(f"{where}: a choice has at least two options.")
    return made


def in_order(where: str, found: Iterable[tuple[Step, bool]]) -> list[Step]:
    """The steps with what each comes after: the one before it, unless it says so itself."""
    steps: list[Step] = []
    for made, said in found:
        before = made.after if said else tuple(each.key for each in steps[-1:])
        steps.append(Step(**{**made.__dict__, "after": before}))
    known = {step.key: step for step in steps}
    if len(known) < len(steps):
        raise Invalid(f"{where}: two steps have one key.")
    if not steps:
        raise Invalid(f"{where}: it has no step.")
    for made in steps:
        check_names(f"{where}, step {made.key}", made, known)
    try:
        TopologicalSorter({step.key: step.waits_for for step in steps}).prepare()
    except CycleError as error:
        raise Invalid(f"{where}: these steps wait for each other: {', '.join(error.args[1])}.") from error
    return steps


def check_names(where: str, made: Step, known: Mapping[str, Step]) -> None:
    if strange := [key for key in made.after if key not in known]:
        raise Invalid(f"{where}: it comes after {strange[0]}, which is no step.")
    if made.when is not None:
        made.when.check(where, made.number, known)
