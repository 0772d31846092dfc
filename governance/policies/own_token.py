"""Tokens are made and revoked by whose they are, and by who answers for a service account."""

from __future__ import annotations

from governance.access import Objection, policy
from governance.models import Token, User


@policy("token.add", "token.revoke")
def own_token(person: User, subject: User | Token, **_: object) -> Objection | None:
    user = subject.user if isinstance(subject, Token) else subject
    if person.pk in {user.pk, user.answered_by_id}:
        return None
    owner = user.answered_by or user
    who = f"{owner}, who answers for it," if user.answered_by_id else str(owner)
    return Objection(f"Only {who} makes and revokes tokens of {user.username}.", who=str(owner))
