"""Who guesses too often has to wait. A try counts before it is looked at, so that many at once are no more
than one after the other, and is taken back when it was right."""

from __future__ import annotations

import hashlib
import hmac
import math
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from governance import audit
from governance.errors import Denied, TooMany
from governance.models import Tries, User
from governance.models.locks import LASTS
from governance.origin import origin
from governance.telling import tell

REASON = "Too many wrong passwords."


def attempt(name: str) -> None:
    """Count a try for a name, from where it comes; `TooMany` when either is locked."""
    known = whose(name)
    with transaction.atomic():
        rows = [row(kind, key, known) for kind, key in keys(name)]
        locked = next((tries for tries in rows if tries.is_full), None)
        if locked is None:
            for tries in rows:
                count(tries)
            return
        audit.record("session.open", locked.label, by=known, outcome="refused", reason=REASON)
    raise TooMany(sentence(locked), retry_after=seconds(locked))


@contextmanager
def guessing(name: str) -> Iterator[None]:
    """Around a look at a password or code that is no sign-in; outside the transaction that a wrong one takes
    back."""
    attempt(name)
    try:
        yield
    except Denied:
        was_wrong(name)
        raise
    was_right(name)


def keys(name: str) -> list[tuple[str, str]]:
    """The name always first, so that two tries wait for each other in one order."""
    found = [("name", hashed(name))]
    return [*found, ("address", origin.get().address)] if origin.get().address else found


def whose(name: str) -> User | None:
    """Who has this name, in any case; what is typed may be anything."""
    return None if "\0" in name else User.objects.filter(username__iexact=name[:100]).first()


def hashed(name: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), name.casefold().encode(), hashlib.sha256).hexdigest()


def row(kind: str, key: str, known: User | None) -> Tries:
    """Locked until the transaction ends."""
    now = timezone.now()
    user = known if kind == "name" else None
    Tries.objects.get_or_create(kind=kind, key=key, defaults={"user": user, "first_at": now, "last_at": now})
    return Tries.objects.select_for_update(of=("self",)).select_related("user").get(kind=kind, key=key)


def count(tries: Tries) -> None:
    now = timezone.now()
    if tries.last_at < now - LASTS:
        tries.wrong, tries.first_at = 0, now
    tries.wrong, tries.last_at, tries.address = tries.wrong + 1, now, origin.get().address
    tries.save()


def was_right(name: str) -> None:
    """Forget the tries for a name; the address may have tried others, so it gets only this one back."""
    forget(name)
    here = Tries.objects.filter(kind="address", key=origin.get().address, wrong__gt=0)
    here.update(wrong=F("wrong") - 1)


def forget(name: str) -> None:
    Tries.objects.filter(kind="name", key=hashed(name)).delete()


def was_wrong(name: str) -> None:
    """When it was the last one, say so on the record, and to whose name it is."""
    for kind, key in keys(name):
        tries = Tries.objects.select_related("user").filter(kind=kind, key=key).first()
        if tries is not None and tries.wrong == settings.SIGN_IN_TRIES[kind]:
            told(tries)


def told(tries: Tries) -> None:
    after = {"what": tries.kind, "until": tries.until.isoformat()}
    audit.record("session.lock", tries.label, by=None, after=after)
    if tries.user is not None:
        words = (
            f"{tries.wrong} wrong passwords or codes were tried for your account, last from {tries.address}."
        )
        about = f"{tries.user.label}/security"
        tell(
            "account", [tries.user], about, f"{words} Nobody can sign in to it for {minutes(LASTS.seconds)}."
        )


def sentence(tries: Tries) -> str:
    what = "for this name" if tries.kind == "name" else "from this address"
    wait = minutes(seconds(tries))
    return f"Too many wrong passwords {what}. Wait {wait}, or ask the site administrator to lift it."


def seconds(tries: Tries) -> int:
    return max(1, math.ceil((tries.until - timezone.now()).total_seconds()))


def minutes(count: float) -> str:
    whole = max(1, math.ceil(count / 60))
    return f"{whole} minute{'' if whole == 1 else 's'}"
