"""Somebody who is signed in says again who they are."""

from __future__ import annotations

from governance import access, audit, factors
from governance.audit import action
from governance.errors import Denied
from governance.models import User


@action("session.confirm")
def confirm(user: User, *, password: str = "", code: str = "", credential: str = "", by: User) -> User:
    """Before what matters most: the second factor of who has one, else the password. What is wrong is on the
    record: somebody may sit at an open session."""
    access.check(by, "session.confirm", user)
    if not factors.has(user):
        if not user.check_password(password):
            raise Denied("This is not your password.", errors={"password": ["This is not your password."]})
    elif credential:
        if factors.use_passkey(credential, user) is None:
            raise Denied(factors.NOT_A_PASSKEY)
    elif not factors.use_code(user, code):
        raise Denied(factors.WRONG, errors={"code": [factors.WRONG]})
    audit.record("session.confirm", user, by=by)
    return user
