"""What somebody typed is not lost with their session, nor when they have to say again who they are: it comes
back into the form once that is done, and they send it themselves.

Fields are kept in the session of whoever asks, sealed, for the person who typed them: a browser knows that
person by a signed cookie, also when their session is gone. Secrets and files are not kept.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from typing import Any, Self
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from governance import sealing
from governance.errors import Problem
from governance.models import User

KEPT, COOKIE, LABEL = "kept", "person", "kept fields"
MOST = 200_000  # characters
SECRET = re.compile(r"password|code|credential|csrf", re.IGNORECASE)
BACK = "What you typed is here again. Look through it and send it."


class Kept(QueryDict):
    """Fields that were typed and not sent: a form shows them, and is not bound."""

    @classmethod
    def of(cls, typed: QueryDict) -> Self:
        """What was sent for another form of the same page."""
        return cls(typed.urlencode())


def keep(request: HttpRequest, person: str) -> None:
    """Seal the fields of a request for the page on which they were typed."""
    if request.method != "POST" or not person:
        return
    fields = [
        (name, value) for name, values in request.POST.lists() if not SECRET.search(name) for value in values
    ]
    text = json.dumps({"page": page_of(request), "person": person, "fields": fields})
    if fields and len(text) <= MOST:
        request.session[KEPT] = base64.b64encode(sealing.seal(text, LABEL)).decode()


def page_of(request: HttpRequest) -> str:
    """Where the form stands: the page that sent it, if that is ours; else the address it was sent to."""
    if request.method != "POST":
        return request.get_full_path()
    came_from = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(came_from, {request.get_host()}, request.is_secure()):
        parts = urlsplit(came_from)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path
    return request.get_full_path()


def kept(request: HttpRequest) -> Kept | None:
    """What this person had typed on this page; once."""
    sealed = request.session.get(KEPT) if request.method == "GET" else None
    if sealed is None:
        return None
    held = unsealed(sealed)
    if held.get("page") != request.get_full_path():
        return None
    del request.session[KEPT]
    if held["person"] != str(request.user.pk):
        return None
    messages.info(request, BACK)
    fields = Kept(mutable=True)
    for name, value in held["fields"]:
        fields.appendlist(name, value)
    return fields


def unsealed(text: str) -> dict[str, Any]:
    try:
        held: dict[str, Any] = json.loads(sealing.opened(base64.b64decode(text), LABEL))
    except Problem:
        return {}
    return held


# ------------------------------------------------------------------ where one is sent meanwhile


def confirm(request: HttpRequest) -> HttpResponse:
    """To where one says again who one is, and then back."""
    keep(request, str(request.user.pk))
    return away(request, reverse("account_reauthenticate"))


def away(request: HttpRequest, address: str) -> HttpResponse:
    target = f"{address}?{urlencode({'next': page_of(request)}, safe='/')}"
    return HttpResponseClientRedirect(target) if request.headers.get("HX-Request") else redirect(target)


def again(request: HttpRequest) -> HttpResponse | None:
    """A form of ours from before somebody signed in anew: its page again, with the fields. None for whatever
    came from elsewhere."""
    if request.headers.get("Origin") != f"{request.scheme}://{request.get_host()}":
        return None
    if page_of(request) == reverse("account_login"):
        return None
    keep(request, str(request.user.pk) if request.user.is_authenticated else person_of(request))
    return redirect(page_of(request))


def person_of(request: HttpRequest) -> str:
    """Who was signed in here last, by the cookie."""
    return str(request.get_signed_cookie(COOKIE, default="", salt=COOKIE))


class Keeping:
    """Around every request: the cookie, and forms that come from who is not signed in any more."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.answer(request)
        sign_in = resolve_url(settings.LOGIN_URL)
        if request.method == "POST" and response.get("Location", "").startswith(f"{sign_in}?next="):
            keep(request, person_of(request))
            return away(request, sign_in)
        person = vars(request).get("_cached_user")
        if isinstance(person, User) and person_of(request) != str(person.pk):
            remember(response, person)
        return response


def remember(response: HttpResponse, person: User) -> None:
    response.set_signed_cookie(
        COOKIE,
        str(person.pk),
        salt=COOKIE,
        max_age=settings.SESSION_COOKIE_AGE * 2,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
