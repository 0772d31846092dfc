"""Second factors are set up and taken away, recovery codes are made anew."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

from governance import access, audit, browsers, factors
from governance.audit import action
from governance.errors import Conflict, Invalid
from governance.models import User
from governance.names import plain_text
from governance.telling import tell

MOST = 10


@action("factor.add")
def add_app(user: User, *, secret: str, code: str, here: str = "", by: User) -> list[str]:
    """An app that shows codes. With the first factor come recovery codes, which are answered and cannot be
    shown again; and every browser but `here`, by the key of its session, is signed out."""
    user = locked(user)
    access.check(by, "factor.add", user)
    if factors.of(user).filter(type=factors.APP).exists():
        raise Conflict("You have an authenticator app already: take that one away first.")
    counter = factors.counter_of(secret, code)
    if counter is None:
        sentence = "This code is wrong or too old. Type the one that the app shows now."
        raise Invalid(sentence, errors={"code": [sentence]})
    data = {"secret": factors.Adapter().encrypt(secret), "counter": counter}
    return added(user, factors.APP, data, here=here, by=by)


@action("factor.add")
def add_passkey(user: User, *, name: str, credential: str, here: str = "", by: User) -> list[str]:
    """A passkey, by what the browser answered to the challenge in its session."""
    user = locked(user)
    access.check(by, "factor.add", user)
    plain_text(name, "name")
    if factors.of(user).count() >= MOST:
        raise Conflict(f"You have {MOST} factors: take one away first.")
    data = {"name": name, "credential": factors.complete_registration(credential)}
    return added(user, factors.PASSKEY, data, here=here, by=by)


def added(user: User, kind: str, data: dict[str, Any], *, here: str, by: User) -> list[str]:
    is_first = not factors.has(user)
    Authenticator.objects.create(user=user, type=kind, data=data)
    if is_first:
        browsers.end(user, but=here)
    audit.record("factor.add", user, by=by, after={"factor": factors.WORDS[kind]})
    told(user, f"Your account has {factors.WORDS[kind]} as a second factor now.")
    return made_codes(user) if is_first else []


@action("factor.remove")
def remove_factor(factor: Any, *, by: User) -> None:
    """Recovery codes go with the last factor."""
    user = locked(factor.user)
    access.check(by, "factor.remove", user)
    gone, _ = factors.of(user).filter(pk=factor.pk).delete()
    if not gone:
        raise Conflict("This was taken away already.")
    if not factors.has(user):
        Authenticator.objects.filter(user=user).delete()
    words = factors.WORDS[factor.type]
    audit.record("factor.remove", user, by=by, before={"factor": words})
    told(user, f"Your account does not have {words} as a second factor any more.")


@action("codes.renew")
def renew_codes(user: User, *, by: User) -> list[str]:
    """New recovery codes; those of before open nothing any more."""
    user = locked(user)
    access.check(by, "codes.renew", user)
    if not factors.has(user):
        raise Conflict("Recovery codes go with a second factor: set one up first.")
    codes = made_codes(user)
    audit.record("codes.renew", user, by=by)
    told(user, "Your recovery codes were made anew.")
    return codes


def made_codes(user: User) -> list[str]:
    Authenticator.objects.filter(user=user, type=factors.CODES).delete()
    codes: list[str] = RecoveryCodes.activate(user).generate_codes()
    return codes


@action("factor.reset")
def reset_factors(user: User, *, by: User) -> None:
    """Take every factor of somebody away who has lost them all. Only the site administrator may, for others;
    who it is they find out themselves."""
    user = locked(user)
    access.check(by, "factor.reset", user)
    if user == by:
        raise Conflict("This is for others: take your own away on your page.")
    if not Authenticator.objects.filter(user=user).delete()[0]:
        raise Conflict(f"{user.username} has no second factor.")
    browsers.end(user)
    audit.record("factor.reset", user, by=by)
    told(user, f"{by} took your second factor away. Set up another one.")


def told(user: User, sentence: str) -> None:
    tell("account", [user], f"{user.label}/security", sentence)


def locked(user: User) -> User:
    found: User = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    return found
