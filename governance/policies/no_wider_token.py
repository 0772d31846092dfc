"""A token makes none that reaches further than itself."""

from __future__ import annotations

from collections.abc import Collection

from django.urls import reverse

from governance.access import Objection, policy
from governance.models import Team, User
from governance.scopes import GROUPS


@policy("token.add")
def no_wider_token(
    person: User, subject: object, *, team: Team | None = None, groups: Collection[str] = (), **_: object
) -> Objection | None:
    """How long it lasts is no part of its reach: so a program can renew its own before it ends."""
    token = person.token
    if token is None:
        return None
    if token.team is not None and token.team != team:
        return wider(f"this one is for {token.team.slug} alone")
    missing = next((GROUPS[name].label for name in groups if name not in token.groups), "")
    return wider(f"this one was made without “{missing}”") if missing else None


def wider(why: str) -> Objection:
    sentence = f"A token makes none that is wider than itself: {why}."
    return Objection(sentence, "make it on your own page.", who="you", link=reverse("governance:tokens"))
