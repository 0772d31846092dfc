"""Records: what somebody declares about a version, each by the JSON Schema (2020-12) in the file of its kind.

Nothing in a record was measured here: pages say *declared*, and a check that uses one says so, too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from governance.errors import Invalid, TooLarge
from governance.names import plain_text
from registry.schemas import Schema

NAMES = (
    "training", "evaluation", "deployment", "load-test", "cost", "topology", "restore-test", "decision",
    "served", "service-level", "series", "retraining", "experiment", "stream", "reconciliation", "protection",
    "ownership-cost",
)  # fmt: skip
# What is known by those who run things, who may not push.
OPERATED = frozenset({
    "deployment", "load-test", "cost", "topology", "restore-test", "served", "service-level", "series",
    "experiment", "stream", "reconciliation", "protection", "ownership-cost",
})  # fmt: skip
MOST_BYTES = 64 << 10
MOST_DEPTH = 16
TOO_LARGE = 2**63
"""From here on a number reads differently on either side of the wire, and in the database."""


@dataclass(frozen=True)
class RecordKind:
    """What a record of one kind holds."""

    name: str
    is_as: Schema

    @property
    def schema(self) -> Mapping[str, Any]:
        return self.is_as.data

    @property
    def title(self) -> str:
        return str(self.schema["title"])

    @property
    def about(self) -> str:
        return str(self.schema["description"])

    @property
    def example(self) -> dict[str, Any]:
        return dict(self.schema["examples"][0])


def load(name: str) -> RecordKind:
    """A kind from its file."""
    return RecordKind(name, Schema(Path(__file__).parent / f"{name}.json"))


KINDS: dict[str, RecordKind] = {name: load(name) for name in NAMES}


def kind_called(name: str) -> RecordKind:
    if name not in KINDS:
        unknown = f"There is no kind of record {name[:60]}: choose from {', '.join(KINDS)}."
        raise Invalid(unknown, errors={"kind": [unknown]})
    return KINDS[name]


def checked(kind: RecordKind, data: Any) -> tuple[dict[str, Any], str]:
    """The data as it is kept, and the digest of it with its kind; else a sentence that says what is wrong."""
    kept = settled(data)
    whole = canonical(kind.name, kept)
    if len(whole) > MOST_BYTES:
        raise TooLarge(f"A record holds at most {MOST_BYTES >> 10} KiB: declare a summary of the rest.")
    if complaint := kind.is_as.complaint(kept, "The whole"):
        refuse(complaint)
    return kept, hashlib.sha256(whole).hexdigest()


def canonical(kind: str, data: Mapping[str, Any]) -> bytes:
    """What the digest covers: JSON with sorted names, no blanks, UTF-8."""
    whole = {"kind": kind, "data": data}
    return json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def settled(value: Any, levels: int = MOST_DEPTH) -> Any:
    """The same JSON with each number as the database gives it back, so that its digest can be worked out
    again: a whole number is one however it was written."""
    if levels < 0:
        refuse(f"It is nested deeper than {MOST_DEPTH} levels.")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return plain_text(value, "data")
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, list):
        return [settled(entry, levels - 1) for entry in value]
    if isinstance(value, dict):
        return {plain_text(str(name), "data"): settled(entry, levels - 1) for name, entry in value.items()}
    raise TypeError(f"{type(value).__name__} is no JSON.")


def number(value: float) -> float:
    if not abs(value) < TOO_LARGE:  # nor is what is no number
        refuse("It holds a number that is too large.")
    return int(value) if value == int(value) else value


def refuse(sentence: str) -> None:
    raise Invalid(sentence, errors={"data": [sentence]})
