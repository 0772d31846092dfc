"""What an approval signs, for people to read. Governance does not know what it means, only how it differs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

WORDS = {
    "version": "What",
    "alias": "For",
    "digest": "Its bytes",
    "findings": "Open findings",
    "waivers": "Waivers",
    "names": "The team's own names",
    "licence": "Its licence",
    "policy": "What the gate asks",
}
CHANGED = {
    "digest": "The files are not the ones that were signed.",
    "findings": "The open findings are not the ones that were signed.",
    "waivers": "The waivers in force are not the ones that were signed.",
    "names": "The names that the team knows are not the ones that were signed.",
    "licence": "The licence is not the one that was signed.",
    "policy": "The gate asks for something else than when it was signed.",
}


@dataclass(frozen=True)
class Part:
    """One part of the evidence as lines; `digest` when it is one."""

    word: str
    lines: list[str]
    digest: str = ""


@dataclass(frozen=True)
class Change:
    """What is different now: the sentence, what is gone and what has come."""

    sentence: str
    gone: list[str]
    come: list[str]


def parts(evidence: Mapping[str, Any]) -> list[Part]:
    """Every part, the known ones first; nothing is left out."""
    names = [*(name for name in WORDS if name in evidence), *sorted(evidence.keys() - WORDS.keys())]
    return [part(name, evidence[name]) for name in names]


def part(name: str, value: Any) -> Part:
    word = WORDS.get(name, name.capitalize())
    return Part(word, [], value) if name == "digest" else Part(word, lines(value))


def changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[Change]:
    """What became different between two pieces of evidence."""
    names = [name for name in {**before, **now} if before.get(name) != now.get(name)]
    return [change(name, lines(before.get(name)), lines(now.get(name))) for name in names]


def change(name: str, was: list[str], now: list[str]) -> Change:
    sentence = CHANGED.get(name, f"{WORDS.get(name, name.capitalize())}: not what was signed.")
    gone = [line for line in was if line not in now]
    come = [line for line in now if line not in was]
    return Change(sentence, gone, come)


def lines(value: Any) -> list[str]:
    """Any JSON as lines: one for each entry of a list or an object."""
    if isinstance(value, Mapping):
        return [f"{key}: {flat(inner)}" for key, inner in sorted(value.items())]
    if isinstance(value, list):
        return [flat(inner, " · ") for inner in value]
    return [] if value is None else [str(value)]


def flat(value: Any, between: str = ", ") -> str:
    if isinstance(value, list):
        return between.join(flat(inner) for inner in value if inner != "") or "none"
    return str(value)
