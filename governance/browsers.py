"""What is known of the browser that asks: which it is, when it was seen last, and in which zone its person
lives."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib.auth.middleware import get_user
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from governance.models import Browser, User
from governance.origin import origin
from governance.zones import zone

EVERY = timedelta(minutes=5).total_seconds()
SEEN, CONFIRMED = "seen_at", "confirmed_at"
FRESH = timedelta(minutes=15).total_seconds()
# What a browser says of itself, the more particular first.
PROGRAMS = {"Edg/": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "CrOS": "ChromeOS",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "Linux": "Linux",
}


def device(agent: str) -> str:
    """“Firefox on Linux”; what it says of itself otherwise."""
    program = next((word for mark, word in PROGRAMS.items() if mark in agent), "")
    system = next((word for mark, word in SYSTEMS.items() if mark in agent), "")
    if program and system:
        return f"{program} on {system}"
    return program or system or agent[:40] or "An unknown browser"


def opened(request: HttpRequest, user: User) -> None:
    """Note that somebody signed in here."""
    if request.session.session_key is None:
        request.session.create()
    now = timezone.now()
    request.session[SEEN] = request.session[CONFIRMED] = time.time()
    Browser.objects.update_or_create(
        key=request.session.session_key,
        defaults={"user": user, "agent": agent(request), "address": origin.get().address, "seen_at": now},
    )


def agent(request: HttpRequest) -> str:
    said = request.META.get("HTTP_USER_AGENT", "")
    return "".join(character for character in said if character.isprintable())[:200]


def moved(request: HttpRequest, user: User) -> None:
    """A new password gave this browser a new session, and ended all others."""
    end(user, but=request.session.session_key)
    opened(request, user)


def end(user: User, *, but: str | None = None, only: str | None = None) -> int:
    """Sign out browsers of a person, all but one or only one; how many."""
    rows = Browser.objects.filter(user=user).exclude(key=but or "")
    keys = list((rows.filter(key=only) if only else rows).values_list("key", flat=True))
    Browser.objects.filter(key__in=keys).delete()
    ended, _ = Session.objects.filter(session_key__in=keys).delete()
    return ended


# ------------------------------------------------------------------ around a request


class Known:
    """Whoever asks brings their own time zone, from when they are first looked at; and is seen."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.user = SimpleLazyObject(lambda: at_home(request))  # type: ignore[assignment]
        try:
            return unkept(self.answer(request))
        finally:
            timezone.deactivate()


def unkept(answer: HttpResponse) -> HttpResponse:
    """A page is for who is signed in, as things are now: the browser keeps none, so that going back after one
    has signed out or done something shows what is so, and nothing to who comes next."""
    if answer.get("Content-Type", "").startswith("text/html"):
        answer.headers.setdefault("Cache-Control", "private, no-store")
    return answer


def at_home(request: HttpRequest) -> Any:
    person = get_user(request)
    if isinstance(person, User):
        if not request.path.startswith("/api/"):
            timezone.activate(zone(person.time_zone))
        person.stale = time.time() - float(request.session.get(CONFIRMED, 0)) > FRESH
        see(request)
    request.user = (
        person  # from now on without the one that stands for it, which is asked for each of its fields
    )
    return person


def see(request: HttpRequest) -> None:
    """Once in five minutes, note that this browser is still used."""
    if time.time() - float(request.session.get(SEEN, 0)) > EVERY:
        request.session[SEEN] = time.time()
        Browser.objects.filter(key=request.session.session_key).update(
            seen_at=timezone.now(), address=origin.get().address
        )
