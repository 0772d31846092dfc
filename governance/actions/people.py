"""People, teams and who is in them."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone

from governance import access, audit, leaving, roles
from governance.actions.saving import cleaned, saved
from governance.audit import action
from governance.errors import Conflict, Invalid
from governance.models import Membership, Team, User
from governance.names import plain_text


@action("user.add")
def add_user(username: str, *, password: str, email: str = "", by: User) -> User:
    """A person who can sign in. Only the site administrator adds people."""
    access.check(by, "user.add", "users")
    return new_user(username, password=password, email=email, by=by)


def new_user(username: str, *, password: str, email: str, by: User) -> User:
    """Somebody who can sign in, made by whoever may."""
    user = User(username=username, email=email, created_by=by)
    good_password(password, user)
    user.set_password(password)
    cleaned(user)
    if User.objects.filter(username__iexact=username).exists():
        sentence = f"There is already somebody called {username}."
        raise Conflict(sentence, errors={"username": [sentence]})
    saved(user)
    audit.record("user.add", user, by=by, after={"username": username})
    return user


def good_password(password: str, user: User) -> None:
    """Raise what a new password lacks."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), errors={"password": error.messages}) from error


@action("team.add")
def add_team(slug: str, *, name: str = "", by: User) -> Team:
    access.check(by, "team.add", "teams")
    team = cleaned(Team(slug=slug, name=name or slug, created_by=by))
    if Team.objects.filter(slug=slug).exists():
        raise Conflict(f"There is already a team called {slug}.")
    saved(team)
    audit.record("team.add", team, by=by, after={"slug": slug, "name": team.name})
    return team


@action("team.archive")
def archive_team(team: Team, *, reason: str = "", by: User) -> Team:
    """Make a team read-only, and leave it and what it owns out of lists."""
    team = lock(team)
    access.check(by, "team.archive", team)
    plain_text(reason, "reason")
    if team.archived_at is not None:
        raise Conflict(f"{team.slug} is archived already.")
    team.archived_at = timezone.now()
    team.save(update_fields=["archived_at"])
    audit.record("team.archive", team, by=by, reason=reason)
    return team


@action("team.unarchive")
def unarchive_team(team: Team, *, by: User) -> Team:
    """Bring an archived team back, as it was."""
    team = lock(team)
    access.check(by, "team.unarchive", team)
    if team.archived_at is None:
        raise Conflict(f"{team.slug} is not archived.")
    before = {"since": team.archived_at.isoformat()}
    team.archived_at = None
    team.save(update_fields=["archived_at"])
    audit.record("team.unarchive", team, by=by, before=before)
    return team


@action("member.set")
def set_roles(
    team: Team, user: User, wanted: Iterable[str], *, hand_over_to: User | None = None, by: User
) -> list[str]:
    """Give exactly these roles; none at all ends the membership, and what was theirs in the team goes to
    somebody else of it. The last steward stays one."""
    team = lock(team)
    access.check(by, "member.set", team)
    want = set(wanted)
    unknown = sorted(want - set(roles.ROLES))
    if unknown:
        raise Invalid(f"There is no role {unknown[0]}: choose from {', '.join(roles.ROLES)}.")
    if want and not user.is_active:
        raise Conflict(f"The account of {user.username} is not active.")
    check_service(team, user, want)
    have = set(team.memberships.filter(user=user).values_list("role", flat=True))
    if "steward" in have - want and is_last_steward(team, user):
        raise Conflict(f"{user.username} is the last steward of {team.slug}: name another one first.")
    if have and not want:
        leave(team, user, hand_over_to, by=by)
    team.memberships.filter(user=user, role__in=have - want).delete()
    Membership.objects.bulk_create(
        Membership(team=team, user=user, role=role, granted_by=by) for role in sorted(want - have)
    )
    if want != have:
        about = audit.Part(team, f"{team.label}/members/{user.username}")
        audit.record("member.set", about, by=by, before=sorted(have), after=sorted(want))
    return sorted(want)


def lock(team: Team) -> Team:
    """Changes of who is in a team take turns. Whatever only refers to the team, such as a new approval, goes
    on."""
    return Team.objects.select_for_update(no_key=True).get(pk=team.pk)


def is_last_steward(team: Team, user: User) -> bool:
    """Whether nobody else with an active account decides there. Asked with the team locked."""
    others = team.memberships.filter(role="steward", user__is_active=True).exclude(user=user)
    return user.is_active and not others.exists()


def leave(team: Team, user: User, to: User | None, *, by: User) -> None:
    """Hand over what is theirs in a team, and close what they have asked for there."""
    theirs = leaving.owned(team, user)
    if theirs and to is None:
        sentence = (
            f"{user.username} owns {leaving.said(by, team, theirs)}: say who of {team.slug} takes it over."
        )
        raise Conflict(sentence, errors={"hand_over_to": [sentence]})
    if theirs and to is not None:
        check_heir(team, user, to)
        leaving.hand_over(team, user, to=to, by=by)
    leaving.withdraw(team, user, by=by)


def check_heir(team: Team, user: User, to: User) -> None:
    is_member = to.is_active and team.memberships.filter(user=to).exists()
    if to == user or not is_member:
        sentence = f"{to.username} is nobody of {team.slug} who could take it over."
        raise Invalid(sentence, errors={"hand_over_to": [sentence]})


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
