"""What a check is: bytes in, issues out, and at most one fact. One file here is one check.

Knows neither Django nor settings: the sandbox's parent imports this before either exists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, BinaryIO, Literal, get_args

Severity = Literal["critical", "high", "medium", "low", "info"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)  # the first two block
KINDS = ("model", "dataset", "asset")

LONGEST_NAME = 200
LONGEST_PLACE = 200
LONGEST_MESSAGE = 1000
MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Issue:
    """A problem, always fit to be shown: what names it holds may come from hostile bytes.

    `message` is one sentence: what is wrong and what to do; it quotes masks, never values or secrets.
    `name` says what was found and stays the same from run to run (waivers hang on it); each name once
    per file. `place` is where: a byte offset, a line, a column.
    """

    severity: Severity
    message: str
    name: str = ""
    place: str = ""

    def __post_init__(self) -> None:
        if self.severity not in SEVERITIES:
            raise ValueError("A severity is one of " + ", ".join(SEVERITIES) + ".")
        object.__setattr__(self, "message", shown(self.message, LONGEST_MESSAGE))
        object.__setattr__(self, "name", told_apart(self.name))
        object.__setattr__(self, "place", shown(self.place, LONGEST_PLACE))


@dataclass(frozen=True, slots=True)
class Fact:
    """Something measured, as JSON, kept with the result. At most one per run."""

    data: dict[str, Any]


Run = Callable[[BinaryIO], Iterator[Issue | Fact]]


@dataclass(frozen=True, slots=True)
class Check:
    """One check: what it looks at, since when, and what it may use up.

    `timeout` in seconds of wall clock, `memory` in bytes beyond what an idle child has. `list_version` is the
    digest of the lists by which it judges, empty when it has none. Another one asks for the check to be run
    again, and so does other code: see registry/engines.py. `libraries` are imported only for files that turn
    out to need them, see `library`. `may_be_spared`: a team's gate may do without it, which is for what
    looks at quality; what looks for danger is required everywhere. `sealed`: what it measures
    holds values of the file, so it is kept under the file's key and stands in no list.
    """

    name: str
    kinds: tuple[str, ...]
    since: date
    timeout: int
    memory: int
    list_version: str
    libraries: tuple[str, ...]
    run: Run
    may_be_spared: bool = False
    sealed: bool = False


CHECKS: dict[str, Check] = {}
PREVIEWS: dict[str, Check] = {}
"""What the same child does for somebody who looks (registry/previews): no verdict hangs on it."""
SCORING: dict[str, Check] = {}
"""The two ends of an evaluation (registry/scoring): one child has the model, another one the answers."""


def check(
    *kinds: str,
    since: date,
    timeout: int = 120,
    memory: int = 512 * MIB,
    list_version: str = "",
    libraries: Sequence[str] = (),
    may_be_spared: bool = False,
    sealed: bool = False,
) -> Callable[[Run], Run]:
    """Register `run(file)` under its module's name. `file.name` is the path inside the version."""

    def register(run: Run) -> Run:
        name = run.__module__.rpartition(".")[2]
        if name in CHECKS:
            raise ValueError(f"There are two checks named {name}.")
        limits = timeout, memory, list_version
        CHECKS[name] = Check(name, kinds, since, *limits, tuple(libraries), run, may_be_spared, sealed)
        return run

    return register


def load() -> None:
    """Import every check. One that cannot be imported, or registers nothing, stops the server."""
    for module in sorted(iter_modules(__path__), key=lambda found: found.name):
        import_module(f"{__name__}.{module.name}")
        if module.name not in CHECKS:
            raise ImportError(f"registry/checks/{module.name}.py has no function marked with @check.")


def for_kind(kind: str) -> list[Check]:
    """The checks for files of a model, a dataset or an asset."""
    return [found for found in CHECKS.values() if kind in found.kinds]


def named(name: str) -> Check | None:
    """A check, a preview, or an end of an evaluation: whatever a child can be asked for."""
    return CHECKS.get(name) or PREVIEWS.get(name) or SCORING.get(name)


def library(name: str) -> Any:
    """A heavy library that a check needs for the file at hand.

    Nothing can be imported any more when a sandboxed child sees the bytes: then this raises
    `ModuleNotFoundError`, and the check runs once more in a child that has imported it before.
    """
    try:
        return import_module(name)
    except OSError as error:
        raise ModuleNotFoundError(f"{name} cannot be imported now.", name=name) from error


def told_apart(name: str) -> str:
    """Fit to be shown, and still another name than any other: a waiver of one must not cover both."""
    if shown(name, LONGEST_NAME) == name:
        return name
    mark = sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{shown(name, LONGEST_NAME - len(mark))}{mark}"


def shown(text: str, limit: int) -> str:
    """Fit to be shown: no controls, no bidirectional marks, no lone surrogates, not too long."""
    clean = "".join(letter if letter.isprintable() else "\ufffd" for letter in text[: limit + 1])
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"
