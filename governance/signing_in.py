"""How people sign in: accounts are made by the site administrator, never by strangers."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from governance.listening import sessions
from governance.middleware import address

View = Callable[..., HttpResponseBase]


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Behind a proxy everybody would share the proxy's limit."""
        return address(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Who is stopped before the password is looked at has tried, too."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            sessions.refused(credentials, "Too many wrong passwords.")
            raise

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The page one arrives at says enough."""


def recorded(view: View) -> View:
    """What a view changes, its event and the session commit together or not at all."""

    @functools.wraps(view)
    def act(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        session, user = type(request.session)(request.session.session_key), request.user
        try:
            with transaction.atomic():
                answer = view(request, *args, **kwargs)
                if request.session.modified and not request.session.is_empty():
                    request.session.save()
            return answer
        except BaseException:
            request.session, request.user = session, user  # what the browser has is what there is
            raise

    return act
