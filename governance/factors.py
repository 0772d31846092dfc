"""A second factor: an app that shows codes, passkeys, and recovery codes for when neither is at hand.

The rows, the codes and the ceremony of passkeys are allauth's; its views and its sign-in step are not used:
a change of a factor is an action, and a code that was used is remembered in its row, not in a cache.
"""

from __future__ import annotations

import json
import secrets
import time
from base64 import b32encode, b64decode, b64encode
from collections.abc import Collection
from string import digits
from typing import Any
from urllib.parse import quote, urlencode

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from governance import sealing
from governance.errors import Invalid
from governance.late import late
from governance.models import User
from governance.prepared import prepared

APP, PASSKEY, CODES = "totp", "webauthn", "recovery_codes"
WORDS = {APP: "an authenticator app", PASSKEY: "a passkey", CODES: "a recovery code"}
PERIOD = 30  # seconds, RFC 6238
DRIFT = 1  # periods that a clock may be off
LABEL = "second factor"
WRONG = "This code is wrong, or was used already."
NOT_A_PASSKEY = "This passkey was not recognised. Try it again, or use another way."


class Adapter(DefaultMFAAdapter):  # type: ignore[misc]
    """What lies in the rows is sealed; a passkey is bound to the name of this host."""

    def encrypt(self, text: str) -> str:
        return b64encode(sealing.seal(text, LABEL)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return sealing.opened(b64decode(encrypted_text), LABEL)

    def _get_site_name(self) -> str:
        return "Steward"

    def _get_user_identifier(self, user: Any) -> str:
        return str(user.username)


# ------------------------------------------------------------------ what somebody has


def of(user: User) -> QuerySet[Any]:
    """Their factors, without recovery codes."""
    found: QuerySet[Any] = Authenticator.objects.filter(user=user).exclude(type=CODES).order_by("pk")
    return found


def having(users: Collection[int]) -> set[int]:
    """Those of these people, by their keys, who have one."""
    return set(secured(users=list(users)))


@prepared
def secured(*, users: Any) -> QuerySet[Any, int]:
    found = Authenticator.objects.filter(user__in=users).exclude(type=CODES).order_by()
    keys: QuerySet[Any, int] = found.values_list("user_id", flat=True)
    return keys


def has(user: User) -> bool:
    return of(user).exists()


def codes_left(user: User) -> int:
    found = Authenticator.objects.filter(user=user, type=CODES).first()
    return len(RecoveryCodes(found).get_unused_codes()) if found else 0


def name_of(factor: Any) -> str:
    """What a passkey was called; an app has no name."""
    return str(factor.data.get("name", "")) if factor.type == PASSKEY else "Authenticator app"


# ------------------------------------------------------------------ codes


def new_secret() -> str:
    """160 random bits in base32, as apps take them."""
    return b32encode(secrets.token_bytes(20)).decode()


def address(user: User, secret: str) -> str:
    """What the picture says to an app."""
    query = urlencode({"secret": secret, "issuer": "Steward"}, quote_via=quote)
    return f"otpauth://totp/{quote(f'Steward:{user.username}')}?{query}"


def counter_of(secret: str, code: str, *, after: int = 0) -> int | None:
    """The period that a code is of, if it is right, and younger than the last one that was used."""
    now = int(time.time()) // PERIOD
    typed = "".join(character for character in code if character in digits)
    return next(
        (
            counter
            for counter in range(now - DRIFT, now + DRIFT + 1)
            if counter > after
            and secrets.compare_digest(typed, format_hotp_value(hotp_value(secret, counter)))
        ),
        None,
    )


def use_code(user: User, code: str) -> str:
    """Which kind of code this is, used up from now on; nothing when it is none. Asked in a transaction: two
    with the same code take turns."""
    rows = Authenticator.objects.select_for_update().filter(user=user, type__in=[APP, CODES])
    for factor in rows.order_by("-type"):
        if is_right(factor, code):
            factor.last_used_at = timezone.now()
            factor.save()
            return str(factor.type)
    return ""


def is_right(factor: Any, code: str) -> bool:
    if factor.type == CODES:
        wrapped = RecoveryCodes(factor)
        if not wrapped.validate_code("".join(code.split())):  # it is shown in two groups
            return False
        factor.data = wrapped.instance.data
        return True
    secret = Adapter().decrypt(factor.data["secret"])
    counter = counter_of(secret, code, after=factor.data.get("counter", 0))
    factor.data["counter"] = counter or factor.data.get("counter", 0)
    return counter is not None


# ------------------------------------------------------------------ passkeys


def begin_registration(user: User) -> str:
    """What the browser is asked, as JSON; the challenge lies in the session."""
    return json.dumps(webauthn().begin_registration(user, True))


def complete_registration(text: str) -> dict[str, Any]:
    """What the browser answers, when it holds; else `Invalid`."""
    try:
        credential = parsed(text)
        webauthn().parse_registration_response(credential)
        binding = webauthn().complete_registration(credential)
    except (ValidationError, ValueError, TypeError, KeyError) as error:
        raise Invalid(NOT_A_PASSKEY) from error
    if not binding.is_user_verified():
        raise Invalid("This device did not ask who you are: use one with a PIN, a fingerprint or your face.")
    return credential


def begin_authentication(user: User | None) -> str:
    """The same for somebody, or for whoever has a passkey of this site."""
    return json.dumps(webauthn().begin_authentication(user))


def use_passkey(text: str, user: User | None = None) -> User | None:
    """Whose passkey this is; None when it holds for nobody, or not for who was asked."""
    try:
        credential = parsed(text)
        found: User = user or webauthn().extract_user_from_response(credential)
        webauthn().parse_authentication_response(credential)
        factor = webauthn().complete_authentication(found, credential)
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError):
        return None
    factor.record_usage()
    return found


def parsed(text: str) -> dict[str, Any]:
    MaxLengthValidator(20_000)(text)
    credential = json.loads(text)
    if not isinstance(credential, dict):
        raise ValueError("no object")
    return credential


def webauthn() -> Any:
    return late("allauth.mfa.webauthn.internal.auth")


# ------------------------------------------------------------------ what a session holds meanwhile


def secret_of(request: HttpRequest, user: User, *, anew: bool) -> str:
    """The secret that somebody is about to put into their app, sealed in their session."""
    held = request.session.get("totp")
    if held and not anew:
        return sealing.opened(b64decode(held), user.label)
    secret = new_secret()
    request.session["totp"] = b64encode(sealing.seal(secret, user.label)).decode()
    return secret
