"""A team is archived by the site administrator, or by its only steward, who could not leave it otherwise."""

from __future__ import annotations

from governance import access
from governance.access import Objection, policy
from governance.models import Team, User


@policy("team.archive")
def only_steward(person: User, team: Team, **_: object) -> Objection | None:
    if access.administers(person):
        return None
    others = team.memberships.filter(role="steward", user__is_active=True).exclude(user=person)
    if not others.exists():
        return None
    sentence = f"{team.slug} has other stewards: only the site administrator archives it."
    return Objection(sentence, "ask the site administrator.", who=access.SITE)
