"""A step that somebody's word proves takes a person's word; a service account puts in what it measured."""

from __future__ import annotations

from governance.access import Objection, policy
from governance.models import User
from kb.models import Entry, Run

WORDS = {Entry.STATEMENT, Entry.CHOICE, Entry.ACCEPT}
SENTENCE = "A service account states nothing: a person must do this."


@policy("run.put")
def people_state(person: User, run: Run, *, kind: str = "", **_: object) -> Objection | None:
    if person.answered_by_id is None or kind not in WORDS:
        return None
    return Objection(SENTENCE, "somebody who takes part does this step.", who=str(person.answered_by))
