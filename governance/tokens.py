"""Tokens of programs: made, recognised, and kept only as a hash."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from governance.models import Token, User
from governance.origin import Origin, origin
from governance.prepared import prepared

PREFIX = "stw_"
USED = timedelta(minutes=1)


def make() -> str:
    """A new token: the prefix and 256 random bits."""
    return PREFIX + secrets.token_urlsafe(32)


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def recognise(text: str) -> Token | None:
    """The usable token with this text. Its last use is noted at most once a minute."""
    if not text.startswith(PREFIX) or len(text) > 100 or not text.isascii():
        return None
    token = next(iter(usable(digest=digest(text))), None)
    if token is None or token.stopped:
        return None
    token.user.token = token
    note_use(token)
    return token


@prepared
def usable(*, digest: Any) -> QuerySet[Token]:
    return Token.objects.usable().select_related("user").filter(digest=digest).order_by()


def note_use(token: Token) -> None:
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > USED:
        Token.objects.filter(pk=token.pk).update(last_used_at=now)


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer stw_…`. Anything else in that header is refused, never ignored."""

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        header = request.META.get("HTTP_AUTHORIZATION", "")
        if not header:
            return None
        scheme, _, text = header.partition(" ")
        token = recognise(text.strip()) if scheme.lower() == "bearer" else None
        if token is None:
            raise AuthenticationFailed(
                "This token is unknown, expired or revoked. Make a new one on your page."
            )
        where = origin.get()
        origin.set(Origin(where.request_id, where.address, f"{token.prefix}… {token.name}"))
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="steward"'
