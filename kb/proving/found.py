"""How a step and its evidence stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from governance.models import User
from kb.models import Entry
from kb.playbooks import Need, Step
from registry.models import Record

# How a piece of evidence stands.
PROVED, WAIVED, PRIOR, FAILED, CHANGED, MISSING, SILENT = (
    "proved",
    "waived",
    "prior",
    "failed",
    "changed",
    "missing",
    "not evaluated",
)


@dataclass(frozen=True)
class Proof:
    """What is there for one need. `digest` names the very evidence: an acceptance holds for no other."""

    need: Need
    place: int
    state: str
    said: str
    label: str = ""
    digest: str = ""
    by: str = ""
    at: datetime | None = None

    @property
    def holds(self) -> bool:
        return self.state in (PROVED, WAIVED)


@dataclass(frozen=True)
class StepNow:
    """A step as it stands: proved, waived, skipped, open, later, or fallen, once it was thought proved."""

    step: Step
    state: str
    proofs: list[Proof]
    people: list[User] = field(default_factory=list)
    waiver: Entry | None = None
    due_at: datetime | None = None

    @property
    def finished(self) -> bool:
        return self.state in ("proved", "waived", "skipped")

    @property
    def at(self) -> datetime | None:
        return max((proof.at for proof in self.proofs if proof.at), default=None)

    def overdue(self, now: datetime) -> bool:
        return not self.finished and self.due_at is not None and self.due_at < now


@dataclass(frozen=True)
class Found:
    """What was looked up for a need, before it is known whether it is new enough."""

    state: str
    said: str
    label: str = ""
    digest: str = ""
    by: str = ""
    at: datetime | None = None


NOTHING = Found(MISSING, "")


def put(entry: Entry, said: str, state: str = PROVED, label: str = "") -> Found:
    return Found(state, said, label, entry.digest, str(entry.by), entry.at)


def of(record: Record, said: str) -> Found:
    return Found(PROVED, said, record.version.label, record.digest, str(record.by), record.at)


def first_line(text: str) -> str:
    line = text.strip().partition("\n")[0]
    return line if len(line) <= 160 else f"{line[:159]}…"
