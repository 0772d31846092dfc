"""What a change of gates changes, in words, and whether it loosens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from governance.access import listed
from registry.models.gates import DEFAULTS, Gate, Gates
from registry.required_runs import title_of
from registry.thresholds import THRESHOLDS, Set, loosens

NONE = Gate()


@dataclass(frozen=True)
class Change:
    """One thing that becomes different at the gate of one alias."""

    alias: str
    what: str
    before: str
    after: str
    loosens: bool

    @property
    def sentence(self) -> str:
        return f"{self.alias}: {self.what} from {self.before} to {self.after}"


def changes(before: Gates, after: Gates) -> list[Change]:
    """All of them, production first."""
    names = [*reversed(DEFAULTS), *sorted((before.keys() | after.keys()) - DEFAULTS.keys())]
    return [change for name in names for change in of_alias(name, before.get(name), after.get(name))]


def of_alias(name: str, before: Gate | None, after: Gate | None) -> Iterator[Change]:
    if (before is None) != (after is None):
        yield Change(name, "protected", yes(before is not None), yes(after is not None), after is None)
    if after is None:
        return
    was = before or NONE
    if was.approvals != after.approvals:
        fewer = after.approvals < was.approvals
        yield Change(name, "approvals", str(was.approvals), str(after.approvals), fewer)
    if {*was.approvers} != {*after.approvers}:
        wider = not {*after.approvers} <= {*was.approvers}
        yield Change(name, "approvers", listed(was.approvers), listed(after.approvers), wider)
    if {*was.not_required} != {*after.not_required}:
        less = not {*after.not_required} <= {*was.not_required}
        yield Change(name, "required checks", required(was), required(after), less)
    if {*was.licences} != {*after.licences}:
        yield Change(name, "licences", taken(was), taken(after), takes_more(was, after))
    if was.signed != after.signed:
        yield Change(name, "a signature of the team", yes(was.signed), yes(after.signed), was.signed)
    yield from of_its_promotions(name, was, after)


def of_its_promotions(name: str, was: Gate, after: Gate) -> Iterator[Change]:
    if {*was.card} != {*after.card}:
        less = not {*was.card} <= {*after.card}
        yield Change(name, "parts of the card", parts(was), parts(after), less)
    if was.run != after.run:
        yield Change(name, "a finished run", run_of(was), run_of(after), bool(was.run))
    if was.falls_back != after.falls_back:
        yield Change(name, "rolls back by itself", yes(was.falls_back), yes(after.falls_back), was.falls_back)
    if was.by_itself != after.by_itself:
        yield Change(name, "promotes by itself", yes(was.by_itself), yes(after.by_itself), after.by_itself)


def of_thresholds(before: Set, after: Set) -> list[Change]:
    """What checks of quality take from now on."""
    keys = sorted(
        {key for key in (*before, *after) if key in THRESHOLDS and before.get(key) != after.get(key)}
    )
    found = []
    for key in keys:
        was, then = (each.get(key, THRESHOLDS[key].usual) for each in (before, after))
        found.append(Change("thresholds", key, f"{was:g}", f"{then:g}", loosens(key, was, then)))
    return found


def required(gate: Gate) -> str:
    return f"all but {listed(gate.not_required, 'and')}" if gate.not_required else "all"


def taken(gate: Gate) -> str:
    return ", ".join(gate.licences) or "any"


def takes_more(was: Gate, after: Gate) -> bool:
    """No list takes everything."""
    return bool(was.licences) and not (after.licences and {*after.licences} <= {*was.licences})


def parts(gate: Gate) -> str:
    return ", ".join(gate.card) or "none"


def run_of(gate: Gate) -> str:
    return f"of “{title_of(gate.run)}”" if gate.run else "none"


def yes(is_so: bool) -> str:
    return "yes" if is_so else "no"


def said(found: list[Change]) -> str:
    """“production: approvals from 2 to 1; canary: protected from no to yes”."""
    return "; ".join(change.sentence for change in found)
