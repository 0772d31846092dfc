"""Who asks does not answer, nor does somebody whose account or role the asker made."""

from __future__ import annotations

from governance.access import policy
from governance.models import Approval, Membership, User

ASKED = "Someone other than the person who asked must do this."
MADE = "Someone whose account or role was not made by the person who asked must do this."


@policy("approval.approve")
def other_person(person: User, subject: object, *, approval: Approval, **_: object) -> str | None:
    return objection(person, approval)


def objection(person: User, approval: Approval) -> str | None:
    """Asked at the vote and again when votes are counted."""
    asker = approval.requested_by_id
    if person.pk == asker:
        return ASKED
    made_role = Membership.objects.filter(
        team=approval.team_id, user=person, role="steward", granted_by=asker
    ).exists()
    return MADE if person.created_by_id == asker or made_role else None
