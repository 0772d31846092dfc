"""In a confidential run those act who are named in it; who was let in for a day reads."""

from __future__ import annotations

from governance.access import Objection, policy
from governance.models import User
from kb.models import Run


@policy("run.put", "run.comment", "run.hand_over", "run.pause", "run.resume", "run.cancel", "run.follow_up",
        "run.followed_up")  # fmt: skip
def named_in_it(person: User, run: Run, **_: object) -> Objection | None:
    if not run.confidential or run.people.filter(user=person.pk).exists():
        return None
    if person.username == person.SYSTEM:
        return None
    return Objection("Only who is named in this run may do this.", "somebody who is named in it does it.")
