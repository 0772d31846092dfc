"""How people sign in: accounts are made by the site administrator, never by strangers."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.stages import LoginStage
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from governance import factors, locking
from governance.middleware import address

View = Callable[..., HttpResponseBase]


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": "User name or password is wrong. Mind capital letters.",
        "enter_current_password": "This is not your current password.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Behind a proxy everybody would share the proxy's limit."""
        return address(request)

    def get_login_stages(self) -> list[str]:
        return ["governance.signing_in.SecondStep"]

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The page one arrives at says enough."""


class SecondStep(LoginStage):  # type: ignore[misc]
    """After the password, for who has a second factor. A passkey is both."""

    key = "second_step"
    urlname = "second_step"

    def handle(self) -> tuple[HttpResponseBase | None, bool]:
        if self.login.state.get("passkey") or not factors.has(self.login.user):
            return None, True
        return redirect("second_step"), True


def counted(view: View) -> View:
    """A password that is sent counts as a try, before it is looked at."""

    @functools.wraps(view)
    def act(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST":
            locking.attempt(request.POST.get("login", ""))
        return view(request, *args, **kwargs)

    return act


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
