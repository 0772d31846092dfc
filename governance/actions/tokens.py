"""Tokens are made and revoked."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from governance import access, audit, tokens
from governance.actions.saving import saved
from governance.audit import action
from governance.errors import Conflict, Invalid
from governance.models import Token, User


@action("token.add")
def add_token(user: User, *, name: str, days: int = settings.TOKEN_DAYS, by: User) -> tuple[Token, str]:
    """A token of one's own and its text, which is not kept and cannot be shown again."""
    access.check(by, "token.add", user)
    if not 1 <= days <= 366:
        raise Invalid("A token lasts 1 to 366 days.", errors={"days": ["Choose 1 to 366 days."]})
    text = tokens.make()
    token = saved(
        Token(
            user=user,
            name=name,
            prefix=text[:8],
            digest=tokens.digest(text),
            expires_at=timezone.now() + timedelta(days=days),
        )
    )
    audit.record("token.add", f"{token.label}", by=by, after={"name": name, "days": days})
    return token, text


@action("token.revoke")
def revoke_token(token: Token, *, by: User) -> None:
    access.check(by, "token.revoke", token)
    changed = Token.objects.filter(pk=token.pk, user=by, revoked_at=None).update(revoked_at=timezone.now())
    if changed != 1:
        raise Conflict("This token is revoked already.")
    audit.record("token.revoke", f"{token.label}", by=by, before={"name": token.name})
