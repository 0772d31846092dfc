"""Who would need a second factor makes no token without one: a token would go around it."""

from __future__ import annotations

from django.urls import reverse

from governance import access
from governance.access import Objection, policy
from governance.models import Team, User


@policy("token.add")
def token_asks_factor(
    person: User, subject: object, *, team: Team | None = None, **_: object
) -> Objection | None:
    """Asked of whoever makes it, also for a service account. A token for one team asks for that team."""
    access.grants(person)
    asking = person.guarded or {}
    if not asking or (team is not None and team.pk not in asking):
        return None
    sentence = (
        "A team of yours asks your role for a second factor, also to make a token that reaches into it."
    )
    cure = "set up an authenticator app or a passkey on your page."
    return Objection(f"{sentence} First, {cure}", cure, who="you", link=reverse("governance:security"))
