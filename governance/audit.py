"""The record: every action writes its event in its own transaction; a refusal in one of its own."""

from __future__ import annotations

import functools
import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.db import transaction
from django.utils import timezone

from governance import access, following
from governance.errors import Denied
from governance.models import Event, Team, User
from governance.origin import origin

PERSONAL = ("actor", "token", "address")

S = TypeVar("S")
P = ParamSpec("P")
R = TypeVar("R")


_inside: ContextVar[bool] = ContextVar("inside_an_action", default=False)


class Part:
    """What an event is about when that is no row of its own, such as a membership."""

    def __init__(self, team: Team, label: str) -> None:
        self.team = team
        self.label = label


def record(
    action: str,
    subject: object,
    *,
    by: User | None,
    before: Any = None,
    after: Any = None,
    reason: str = "",
    outcome: str = "done",
) -> Event:
    """Write one event. `subject` is a label or has one; its digest and team are noted where it has them."""
    where = origin.get()
    team = access.team_of(subject)
    fields: dict[str, Any] = {
        "at": timezone.now(),
        "action": action,
        "outcome": outcome,
        "subject": subject if isinstance(subject, str) else cast(Any, subject).label,
        "digest": getattr(subject, "digest", "") or "",
        "team": team.slug if team else "",
        "actor": by.username if by else "",
        "token": where.token,
        "address": where.address,
        "request_id": where.request_id,
        "before": before,
        "after": after,
        "reason": reason,
    }
    salts = {name: secrets.token_hex(16) for name in PERSONAL}
    event = Event.objects.create(**fields, salts=salts, canonical=canonical(fields, salts))
    following.wake(event)
    return event


def canonical(fields: Mapping[str, Any], salts: Mapping[str, str]) -> bytes:
    """An event as bytes: JSON with sorted keys, no blanks, UTF-8; personal fields as commitments."""
    public = {name: value for name, value in fields.items() if name not in PERSONAL}
    public["at"] = fields["at"].isoformat()
    for name in PERSONAL:
        public[name] = commitment(fields[name], salts[name])
    return json.dumps(public, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def commitment(value: str, salt: str) -> str:
    """SHA-256 over a 16-byte salt and the value: proves it later, tells nothing once the salt is gone."""
    return hashlib.sha256(bytes.fromhex(salt) + value.encode()).hexdigest()


def action(name: str) -> Callable[[Callable[Concatenate[S, P], R]], Callable[Concatenate[S, P], R]]:
    """An action asks, changes and records in one transaction. A `Denied` that leaves the outermost
    action is recorded after the rollback, in a transaction of its own, and raised again."""

    def wrap(function: Callable[Concatenate[S, P], R]) -> Callable[Concatenate[S, P], R]:
        @functools.wraps(function)
        def act(subject: S, /, *args: P.args, **kwargs: P.kwargs) -> R:
            if _inside.get():
                return function(subject, *args, **kwargs)
            mark = _inside.set(True)
            try:
                with transaction.atomic():
                    return function(subject, *args, **kwargs)
            except Denied as denied:
                refuse(name, subject, denied, by=cast(User, kwargs["by"]))
                raise
            finally:
                _inside.reset(mark)

        act.action = name  # type: ignore[attr-defined]
        return act

    return wrap


def refuse(name: str, subject: object, denied: Denied, *, by: User) -> None:
    """Record that somebody was refused."""
    with transaction.atomic():
        about = subject if denied.subject is None else denied.subject
        record(name, about, by=by, reason=denied.sentence, outcome="refused")
