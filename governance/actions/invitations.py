"""People are invited into a team, come in, or are not wanted any more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone

from governance import access, audit, inviting, roles
from governance.actions.people import lock, new_user
from governance.actions.saving import cleaned, saved
from governance.audit import action
from governance.errors import Conflict, Denied, Invalid
from governance.models import Invitation, Mail, Membership, Team, User
from governance.telling import hurry

LASTS = timedelta(days=7)
WORDS = {
    "used": "This invitation was used already: it works once.",
    "revoked": "This invitation was taken back.",
    "expired": "This invitation has expired: it works for 7 days.",
}
FORMER = "Who sent this invitation may not invite any more."


@action("invitation.add")
def add_invitation(team: Team, email: str, *, roles: Iterable[str], by: User) -> Invitation:
    """Mail somebody a link by which they get an account and these roles. The trail does not have the
    address."""
    team = lock(team)
    access.check(by, "invitation.add", team)
    wanted = known(roles)
    open_ = team.invitations.open().filter(email__iexact=email)
    if open_.exists():
        sentence = "Somebody invited this address already: take that invitation back first."
        raise Conflict(sentence, errors={"email": [sentence]})
    expires = timezone.now() + LASTS
    invitation = Invitation(team=team, email=email, roles=wanted, invited_by=by, expires_at=expires)
    saved(cleaned(invitation))
    Mail.objects.create(user=by, purpose=inviting.PURPOSE, address=email, invitation=invitation)
    hurry("governance.send_mails")
    audit.record("invitation.add", invitation, by=by, after={"roles": wanted})
    return invitation


def known(wanted: Iterable[str]) -> list[str]:
    asked = sorted(set(wanted))
    if not asked:
        raise Invalid("An invitation needs a role.", errors={"roles": ["Choose a role."]})
    unknown = [role for role in asked if role not in roles.ROLES]
    if unknown:
        raise Invalid(f"There is no role {unknown[0]}: choose from {', '.join(roles.ROLES)}.")
    return asked


@action("invitation.revoke")
def revoke_invitation(invitation: Invitation, *, by: User) -> None:
    invitation = locked(invitation)
    access.check(by, "invitation.revoke", invitation)
    check_open(invitation)
    invitation.revoked_at = timezone.now()
    invitation.save(update_fields=["revoked_at"])
    audit.record("invitation.revoke", invitation, by=by)


@action("invitation.accept")
def accept_invitation(invitation: Invitation, *, username: str, password: str, by: User) -> User:
    """Make the account that was invited, with its roles. `by` is who invited: it takes their right, as it is
    now, and counts as their doing where nobody may decide alone."""
    team = lock(invitation.team)
    invitation = locked(invitation)
    check_open(invitation)
    check_inviter(invitation)
    user = new_user(username, password=password, email=invitation.email, by=invitation.invited_by)
    let_in(team, user, invitation)
    return user


@action("invitation.accept")
def join(invitation: Invitation, *, by: User) -> User:
    """The same for somebody who has an account: its roles are added to those that they have."""
    team = lock(invitation.team)
    invitation = locked(invitation)
    check_open(invitation)
    check_inviter(invitation)
    let_in(team, by, invitation)
    return by


def let_in(team: Team, user: User, invitation: Invitation) -> None:
    """Give the roles, and use the invitation up."""
    have = set(team.memberships.filter(user=user).values_list("role", flat=True))
    inviter = invitation.invited_by
    Membership.objects.bulk_create(
        Membership(team=team, user=user, role=role, granted_by=inviter)
        for role in invitation.roles
        if role not in have
    )
    invitation.used_at, invitation.used_by = timezone.now(), user
    invitation.save(update_fields=["used_at", "used_by"])
    after = {"username": user.username, "roles": ", ".join(invitation.roles)}
    audit.record("invitation.accept", invitation, by=user, after=after)


def locked(invitation: Invitation) -> Invitation:
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("team", "invited_by")
    return rows.get(pk=invitation.pk)


def check_open(invitation: Invitation) -> None:
    if invitation.state != "open":
        raise Conflict(WORDS[invitation.state])


def check_inviter(invitation: Invitation) -> None:
    """An invitation is worth what its sender may do now."""
    try:
        access.check(invitation.invited_by, "invitation.add", invitation.team)
    except Denied as denied:
        raise Conflict(FORMER) from denied
