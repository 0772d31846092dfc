"""The link of an invitation: signed, for one use, and nowhere stored."""

from __future__ import annotations

from django.core import signing
from django.urls import reverse

from governance.letters import letter
from governance.links import absolute
from governance.models import Invitation, Mail

PURPOSE = SALT = "invitation"


def link(invitation: Invitation) -> str:
    return absolute(reverse("join", args=[signing.dumps(invitation.pk, salt=SALT)]))


def find(key: str) -> Invitation | None:
    """Whose link this is; whether it still works, `state` says."""
    try:
        pk = signing.loads(key, salt=SALT)
    except signing.BadSignature:
        return None
    return Invitation.objects.select_related("team", "invited_by").filter(pk=pk).first()


@letter(PURPOSE)
def invited(mail: Mail) -> dict[str, str] | None:
    invitation = mail.invitation
    if invitation is None or invitation.state != "open":
        return None
    day = f"{invitation.expires_at.day} {invitation.expires_at:%B}"
    return {
        "sentence": f"{invitation.invited_by} invites you to the team {invitation.team.slug} on Steward. "
        f"The link works once, until {day}.",
        "href": link(invitation),
        "word": "Choose a user name and a password",
    }
