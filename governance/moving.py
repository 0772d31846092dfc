"""An account has another e-mail address: the old one hears of it, since it may not have been its owner."""

from __future__ import annotations

from django.urls import reverse

from governance.letters import letter
from governance.links import absolute
from governance.models import Mail, User
from governance.telling import hurry

PURPOSE = "moved"


def tell_old(user: User, address: str) -> None:
    Mail.objects.create(user=user, purpose=PURPOSE, address=address)
    hurry("governance.send_mails")


@letter(PURPOSE)
def moved(mail: Mail) -> dict[str, str] | None:
    return {
        "sentence": f"The account {mail.user.username} has another e-mail address now. If that was not you, "
        "sign in and end all sessions, or ask the site administrator to close the account.",
        "href": absolute(reverse("governance:sessions")),
        "word": "Sessions",
    }
