"""A lost password: a link to the address of an account, which works once and for an hour."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.http import base36_to_int, int_to_base36

from governance import audit
from governance.letters import letter
from governance.links import absolute
from governance.models import Mail, User
from governance.telling import hurry

PURPOSE = "reset"
AGAIN = timedelta(minutes=5)


@transaction.atomic
def ask(email: str) -> None:
    """Mail a link to every account with this address. Nobody learns whether there is one; nobody is mailed
    more than one in five minutes."""
    for user in User.objects.select_for_update(of=("self",)).filter(email__iexact=email, is_active=True):
        if user.has_usable_password() and not lately(user):
            Mail.objects.create(user=user, purpose=PURPOSE)
            audit.record("password.ask", user, by=None)
            hurry("governance.send_mails")


def lately(user: User) -> bool:
    return Mail.objects.filter(user=user, purpose=PURPOSE, made_at__gt=timezone.now() - AGAIN).exists()


def key(user: User) -> str:
    """What stands in the link. It says who, and binds the password, the address and the last sign-in."""
    return f"{int_to_base36(user.pk)}-{default_token_generator.make_token(user)}"


def owner(key: str) -> User | None:
    """Whose link this is, while it works."""
    number, _, token = key.partition("-")
    try:
        user: User | None = User.objects.filter(pk=base36_to_int(number), is_active=True).first()
    except ValueError:
        return None
    works = (
        user is not None and user.has_usable_password() and default_token_generator.check_token(user, token)
    )
    return user if works else None


@letter(PURPOSE)
def lost_password(mail: Mail) -> dict[str, str] | None:
    if not mail.user.is_active or timezone.now() - mail.made_at > timedelta(hours=1):
        return None
    return {
        "sentence": f"Somebody asked for a new password of {mail.user.username}. "
        "The link works once, for an hour.",
        "href": absolute(reverse("password_reset", args=[key(mail.user)])),
        "word": "Choose a new password",
    }
