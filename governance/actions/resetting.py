"""A password is set anew by whoever has the link."""

from __future__ import annotations

from governance import access, audit, browsers, locking, resetting
from governance.actions.people import good_password
from governance.audit import action
from governance.errors import Conflict
from governance.models import User
from governance.telling import tell

GONE = "This link was used already, or is more than an hour old. Ask for a new one."


@action("password.reset")
def reset_password(user: User, *, key: str, password: str, by: User) -> User:
    """Set it, once, and sign out everywhere; tokens of programs stay, since they are no part of it."""
    user = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    access.check(by, "password.reset", user)
    if resetting.owner(key) != user:
        raise Conflict(GONE)
    good_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    browsers.end(user)
    locking.forget(user.username)
    audit.record("password.reset", user, by=by)
    sentence = "Your password was set anew by a link that was mailed to you. Tokens of programs stay."
    tell("account", [user], f"{user.label}/security", sentence)
    return user
