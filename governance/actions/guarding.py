"""A team asks roles for a second factor."""

from __future__ import annotations

from collections.abc import Iterable

from governance import access, audit, roles
from governance.actions.people import lock
from governance.audit import action
from governance.errors import Conflict, Invalid
from governance.models import Team, User
from governance.telling import tell


@action("team.require_factor")
def require_factor(team: Team, wanted: Iterable[str], *, by: User) -> Team:
    """Ask exactly these roles for a second factor. Whoever asks has one, or would be shut out by it."""
    team = lock(team)
    access.check(by, "team.require_factor", team)
    unknown = sorted(set(wanted) - set(roles.ROLES))
    if unknown:
        raise Invalid(f"There is no role {unknown[0]}: choose from {', '.join(roles.ROLES)}.")
    if not by.has_factor:
        raise Conflict("Set up a second factor of your own first: your role might need it at once.")
    before = team.guarded
    team.second_factor = ",".join(role for role in roles.ROLES if role in set(wanted))
    team.save(update_fields=["second_factor"])
    if team.guarded != before:
        words = {"roles": ", ".join(team.guarded) or "none"}
        audit.record("team.require_factor", team, by=by, before={"roles": before}, after=words)
        for user in without_factor(team, set(team.guarded) - set(before)):
            sentence = f"{team.slug} asks your role for a second factor from now on: set one up."
            tell("account", [user], f"{user.label}/security", sentence)
    return team


def without_factor(team: Team, wanted: Iterable[str]) -> list[User]:
    """The people of a team with one of these roles who have no second factor."""
    held = User.objects.filter(is_active=True, answered_by=None, memberships__team=team)
    have = held.filter(authenticator__type__in=["totp", "webauthn"])
    found = held.filter(memberships__role__in=list(wanted), memberships__team=team)
    return list(found.exclude(pk__in=have.values("pk")).distinct().order_by("username"))
