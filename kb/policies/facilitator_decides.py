"""In confidence the facilitator says who does what, and what becomes of the run: no party does alone."""

from __future__ import annotations

from governance.access import Objection, listed, policy
from governance.models import User
from kb.models import Run


@policy("run.hand_over", "run.pause", "run.cancel")
def facilitator_decides(person: User, run: Run, **_: object) -> Objection | None:
    """Where the facilitator has left, whoever is named in the run decides."""
    if not run.confidential:
        return None
    parts = run.people.filter(role="facilitator", user__is_active=True).select_related("user")
    held = {part.user_id: str(part.user) for part in parts}
    if not held or person.pk in held:
        return None
    who = listed([*held.values()])
    return Objection(f"In a confidential run only {who} may do this.", f"{who} does it.", who=who)
