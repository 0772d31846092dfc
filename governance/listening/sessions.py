"""Sign-ins, sign-outs, refused sign-ins and changed passwords are events."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from governance import audit, browsers, locking
from governance.models import User
from governance.telling import tell


@receiver(user_logged_in)
def signed_in(user: User, request: HttpRequest, **_: Any) -> None:
    browsers.opened(request, user)
    locking.was_right(user.username)
    audit.record("session.open", user, by=user)


@receiver(user_logged_out)
def signed_out(user: User | None, request: HttpRequest, **_: Any) -> None:
    if user is not None:
        browsers.end(user, only=request.session.session_key)
        audit.record("session.close", user, by=user)


@receiver(user_login_failed)
def sign_in_failed(credentials: dict[str, Any], **_: Any) -> None:
    """The name is noted only when somebody has it: people type passwords into the wrong field."""
    name = str(credentials.get("username", ""))
    known = locking.whose(name)
    subject = known.label if known else "users"
    audit.record("session.open", subject, by=known, outcome="refused", reason="Wrong name or password.")
    locking.was_wrong(name)


@receiver(password_changed)
def changed_password(user: User, request: HttpRequest, **_: Any) -> None:
    browsers.moved(request, user)
    audit.record("password.change", user, by=user)
    sentence = "Your password was changed. Every other browser is signed out."
    tell("account", [user], f"{user.label}/security", sentence)
