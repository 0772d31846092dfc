"""The parts that verdicts and lists are made of, as the components take them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from governance import access
from governance.models import User


@dataclass
class Action:
    """A button: a link or a form of its own; `closed` is the sentence that says why it may not be pressed."""

    word: str
    href: str = ""
    post: str = ""
    kind: str = ""
    icon: str = ""
    closed: str = ""


@dataclass
class Said:
    """One objection as a page says it."""

    sentence: str
    cure: str = ""
    who: str = ""
    origin: str = ""
    policy: str = ""
    href: str = ""
    link: str = ""
    since: datetime | None = None
    actions: list[Action] = field(default_factory=list)


@dataclass
class Verdict:
    """How a version stands before a gate."""

    state: str
    title: str
    text: str = ""
    at: datetime | None = None
    evidence: str = ""
    done: int = 0
    all: int = 0
    said: str = ""
    actions: list[Action] = field(default_factory=list)
    objections: list[Said] = field(default_factory=list)
    more: int = 0
    in_the_way: str = ""
    agreed: list[str] = field(default_factory=list)
    agreed_said: str = ""

    @property
    def in_its_own_way(self) -> bool:
        """Whether something about the version keeps it from the gate, whoever asks: the button needs no
        other reason then."""
        return self.state in {"blocked", "info"}


def role_says_no(person: User, action: str, subject: object) -> str:
    """The reason of the roles, or of what holds for everything: asks the database nothing once the roles are
    known."""
    objection = access.role_objection(person, action, subject)
    objection = objection or access.general_objection(person, action, subject)
    return objection.sentence if objection else ""
