"""Accounts are closed and opened again."""

from __future__ import annotations

from django.db.models import F
from django.utils import timezone

from governance import access, audit, browsers, leaving
from governance.actions.people import is_last_steward
from governance.audit import action
from governance.errors import Conflict
from governance.models import Team, Token, User
from governance.names import plain_text


@action("user.deactivate")
def deactivate(user: User, *, reason: str = "", by: User) -> User:
    """Close an account: sessions end at once, tokens for good, open requests are withdrawn. Roles and what is
    theirs stay, until stewards remove them from their teams."""
    teams = locked_teams(user)
    user = locked(user)
    access.check(by, "user.deactivate", user)
    plain_text(reason, "reason")
    check_dispensable(user, teams, by=by)
    tokens = Token.objects.filter(user=user, revoked_at=None).update(revoked_at=timezone.now())
    User.objects.filter(pk=user.pk).update(is_active=False, times_closed=F("times_closed") + 1)
    user.is_active = False
    browsers.end(user)
    for team in teams:
        leaving.withdraw(team, user, by=by)
    audit.record("user.deactivate", user, by=by, reason=reason, after={"tokens": tokens})
    return user


@action("user.reactivate")
def reactivate(user: User, *, by: User) -> User:
    """Open a closed account again, with the roles that it still has and without tokens."""
    user = locked(user)
    access.check(by, "user.reactivate", user)
    if user.is_active:
        raise Conflict(f"The account of {user.username} is open already.")
    user.is_active = True
    user.save(update_fields=["is_active"])
    audit.record("user.reactivate", user, by=by)
    return user


def locked_teams(user: User) -> list[Team]:
    """The teams of a person, so that no other steward of them goes meanwhile."""
    held = user.memberships.values("team")
    return list(Team.objects.select_for_update(no_key=True).filter(pk__in=held).order_by("pk"))


def locked(user: User) -> User:
    """The row of an account, and those of all administrators: one of them stays."""
    rows = User.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    found: dict[int, User] = {row.pk: row for row in rows.filter(pk=user.pk) | rows.filter(is_superuser=True)}
    return found[user.pk]


def check_dispensable(user: User, teams: list[Team], *, by: User) -> None:
    """Raise why this account has to stay open."""
    if not user.is_active:
        raise Conflict(f"The account of {user.username} is closed already.")
    if user == by:
        raise Conflict("Nobody closes their own account: another administrator does.")
    if user.is_superuser and not User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk):
        raise Conflict(f"{user.username} is the last site administrator.")
    at_work = [
        team for team in teams if team.archived_at is None
    ]  # the site administrator brings others back
    last = [team.slug for team in at_work if is_last_steward(team, user) and is_steward(team, user)]
    if last:
        raise Conflict(
            f"{user.username} is the last steward of {leaving.named(last)}: name another one first."
        )


def is_steward(team: Team, user: User) -> bool:
    return team.memberships.filter(user=user, role="steward").exists()
