"""People, teams and who is in them."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from governance import access, audit, roles
from governance.actions.saving import cleaned, saved
from governance.audit import action
from governance.errors import Conflict, Invalid
from governance.models import Membership, Team, User


@action("user.add")
def add_user(username: str, *, password: str, email: str = "", by: User) -> User:
    """A person who can sign in. Only the site administrator adds people."""
    access.check(by, "user.add", "users")
    user = User(username=username, email=email, created_by=by)
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), errors={"password": error.messages}) from error
    user.set_password(password)
    cleaned(user)
    if User.objects.filter(username__iexact=username).exists():
        raise Conflict(f"There is already somebody called {username}.")
    saved(user)
    audit.record("user.add", user, by=by, after={"username": username})
    return user


@action("team.add")
def add_team(slug: str, *, name: str = "", by: User) -> Team:
    access.check(by, "team.add", "teams")
    team = cleaned(Team(slug=slug, name=name or slug, created_by=by))
    if Team.objects.filter(slug=slug).exists():
        raise Conflict(f"There is already a team called {slug}.")
    saved(team)
    audit.record("team.add", team, by=by, after={"slug": slug, "name": team.name})
    return team


@action("member.set")
def set_roles(team: Team, user: User, wanted: Iterable[str], *, by: User) -> list[str]:
    """Give exactly these roles; none at all ends the membership. The last steward stays one."""
    team = Team.objects.select_for_update().get(pk=team.pk)
    access.check(by, "member.set", team)
    want = set(wanted)
    unknown = sorted(want - set(roles.ROLES))
    if unknown:
        raise Invalid(f"There is no role {unknown[0]}: choose from {', '.join(roles.ROLES)}.")
    if not user.is_active:
        raise Conflict(f"The account of {user.username} is not active.")
    check_service(team, user, want)
    have = set(team.memberships.filter(user=user).values_list("role", flat=True))
    if "steward" in have - want and not team.memberships.filter(role="steward").exclude(user=user).exists():
        raise Conflict(f"{user.username} is the last steward of {team.slug}: name another one first.")
    team.memberships.filter(user=user, role__in=have - want).delete()
    Membership.objects.bulk_create(
        Membership(team=team, user=user, role=role, granted_by=by) for role in sorted(want - have)
    )
    if want != have:
        label = Member(team, f"{team.label}/members/{user.username}")
        audit.record("member.set", label, by=by, before=sorted(have), after=sorted(want))
    return sorted(want)


def check_service(team: Team, user: User, wanted: Iterable[str]) -> None:
    """A service account gets no role of which its owner could not do everything, and none that decides."""
    owner = user.answered_by
    if owner is None:
        return
    above = [roles.ROLES[role] for key, role in owner.roles_held() if key == team.pk]
    allowed: frozenset[str] = frozenset().union(*above)
    for role in sorted(wanted):
        if role in roles.PEOPLE_ONLY:
            raise Conflict(f"{user.username} is a service account: only a person can be {role}.")
        if not roles.ROLES[role] <= allowed:
            who = f"{owner.username}, who answers for {user.username},"
            raise Conflict(f"{who} may not do all that a {role} of {team.slug} does.")


class Member:
    """What an event about a membership is about."""

    def __init__(self, team: Team, label: str) -> None:
        self.team = team
        self.label = label
