"""Service accounts: programs of a team, for each of which a person answers."""

from __future__ import annotations

from collections.abc import Iterable

from governance import access, audit
from governance.actions.people import lock, set_roles
from governance.actions.saving import cleaned, saved
from governance.audit import action
from governance.errors import Conflict, Invalid
from governance.leaving import belonging
from governance.models import Team, User
from governance.telling import tell


@action("service.add")
def add_service(team: Team, username: str, *, roles: Iterable[str], answered_by: User, by: User) -> User:
    """An account of a program, with these roles in the team. It has no password: only tokens open it, which
    whoever answers for it makes."""
    team = lock(team)
    access.check(by, "service.add", team)
    check_answering(answered_by, team)
    wanted = set(roles)
    if not wanted:
        raise Invalid("A service account needs a role.", errors={"roles": ["Choose a role."]})
    account = User(username=username, team=team, answered_by=answered_by, created_by=by)
    account.set_unusable_password()
    cleaned(account)
    if User.objects.filter(username__iexact=username).exists():
        raise Conflict(f"There is already somebody called {username}.")
    saved(account)
    audit.record("service.add", account, by=by, after={"answers": answered_by.username})
    set_roles(team, account, wanted, by=by)
    sentence = f"You answer for the service account {username} of {team.slug}, which {by} made."
    tell("handed-over", {answered_by} - {by}, team, sentence)
    return account


@action("service.hand_over")
def hand_over_service(account: User, *, to: User, by: User) -> User:
    """Somebody else answers for a service account from now on. What it did before counts for who answered
    then; tokens that they know stop, while they have an account to act by."""
    found = User.objects.select_for_update(of=("self",)).select_related("team", "answered_by")
    account = found.get(pk=account.pk)
    access.check(by, "service.hand_over", account, to=to)
    team, before = account.team, account.answered_by
    if team is None or before is None:
        raise Conflict(f"{account.username} is no service account.")
    check_answering(to, team)
    if to == before:
        raise Conflict(f"{to.username} answers for {account.username} already.")
    account.answered_by = to
    account.save(update_fields=["answered_by"])
    was, now = {"answers": before.username}, {"answers": to.username}
    audit.record("service.hand_over", account, by=by, before=was, after=now)
    sentence = f"You answer for the service account {account.username} of {team.slug} now."
    tell("handed-over", {to} - {by}, team, sentence)
    return account


def answered_for(team: Team, user: User) -> list[str]:
    """The labels of a team's service accounts that a person answers for."""
    return [account.label for account in team.services.filter(answered_by=user).order_by("username")]


def hand_over_services(team: Team, user: User, *, to: User, by: User) -> None:
    for account in team.services.filter(answered_by=user).order_by("pk"):
        hand_over_service(account, to=to, by=by)


belonging(answered_for, hand_over_services)


def check_answering(person: User, team: Team) -> None:
    """Whoever answers is a person with an active account, and in the team."""
    sentence = ""
    if person.answered_by_id is not None:
        sentence = f"{person.username} is a service account: a person has to answer."
    elif not person.is_active:
        sentence = f"The account of {person.username} is not active."
    elif not team.memberships.filter(user=person).exists():
        sentence = f"{person.username} is not in {team.slug}, so cannot answer for its service account."
    if sentence:
        raise Invalid(sentence, errors={"answered_by": [sentence]})
