"""What the worker makes of a child's words. The child is hostile: every field is looked at."""

from __future__ import annotations

import signal
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from registry.checks import LONGEST_MESSAGE, SEVERITIES, Check, Issue, shown
from registry.sandbox.wire import Lies

MIB = 1 << 20
MOST_ISSUES = 1001  # a thousand, and one that counts the rest
DEEPEST_FACT = 16
LARGEST_NUMBER = 1 << 63


@dataclass(frozen=True, slots=True)
class Report:
    """How one check went. `error` is a sentence; an unfinished check has neither issues nor fact.
    `more`: the next one is there already."""

    check: str
    outcome: Literal["done", "failed"]
    issues: list[Issue] = field(default_factory=list)
    fact: dict[str, Any] | None = None
    error: str = ""
    seconds: float = 0.0
    more: bool = False


def failed(name: str, because: str, seconds: float = 0.0) -> Report:
    """`because` follows the name: "stopped after 120 s."."""
    return Report(name, "failed", error=f"{name} {because}", seconds=seconds)


def read(check: Check, message: dict[str, Any], seconds: float, more: bool = False) -> Report:
    """A child's message about one check; `Lies` for anything that `child.py` would not say."""
    if "failed" in message:
        return failed(check.name, because(check, message), seconds)
    found = message.get("issues")
    if not isinstance(found, list) or len(found) > MOST_ISSUES:
        raise Lies("It reported no list of issues.")
    fact = message.get("fact")
    if fact is not None and not isinstance(fact, dict):
        raise Lies("It reported a fact that is not an object.")
    return Report(check.name, "done", merged(map(issue, found)), clean(fact), "", seconds, more)


def because(check: Check, message: dict[str, Any]) -> str:
    """Why a check failed, in words of ours."""
    detail = shown(str(message.get("detail", "")), 200)
    if message["failed"] == "memory":
        return f"ran out of memory ({check.memory // MIB} MiB)."
    if message["failed"] == "damaged":
        return f"could not read the file. {detail}"
    return f"failed ({detail or 'unknown error'})."


def issue(said: Any) -> Issue:
    if not isinstance(said, dict) or set(said) != {"severity", "message", "name", "place"}:
        raise Lies("It reported an issue with other fields.")
    if not all(isinstance(value, str) for value in said.values()) or said["severity"] not in SEVERITIES:
        raise Lies("It reported an issue with other values.")
    return Issue(**said)


def merged(issues: Iterable[Issue]) -> list[Issue]:
    """One issue for each name, the gravest and then the first; it says how many more there are."""
    by_name: dict[str, list[Issue]] = {}
    for found in sorted(issues, key=lambda found: SEVERITIES.index(found.severity)):
        by_name.setdefault(found.name, []).append(found)
    return [also(same[0], len(same) - 1) for same in by_name.values()]


def also(first: Issue, others: int) -> Issue:
    if not others:
        return first
    text = f"{first.message[: LONGEST_MESSAGE - 40]} ({others} more like this.)"
    return replace(first, message=text)


def clean(value: Any, depth: int = 0) -> Any:
    """A fact that the database takes and a page can show."""
    if depth > DEEPEST_FACT:
        raise Lies("It reported a fact that is nested too deeply.")
    if isinstance(value, dict):
        return {shown(key, 1000): clean(entry, depth + 1) for key, entry in value.items()}
    if isinstance(value, list):
        return [clean(entry, depth + 1) for entry in value]
    if isinstance(value, str):
        return shown(value, 10_000)
    if isinstance(value, int) and abs(value) >= LARGEST_NUMBER:
        raise Lies("It reported a number that is too large.")
    return value


def ended(status: int | None) -> str:
    """How a child that did not report came to its end."""
    if status is None:
        return "was cut off: the sandbox's parent process ended."
    if status == -signal.SIGXCPU:
        return "stopped: it used up its processor time."
    if status == -signal.SIGKILL:
        return "was killed (signal 9), most likely because this machine ran out of memory."
    if status < 0:
        return f"crashed (signal {-status})."
    return f"ended without a result (exit status {status})."
