"""A lost password: asking for a link, and following it."""

from __future__ import annotations

from functools import partial

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from governance import actions, resetting
from governance.account_forms import EmailForm, NewPasswordForm
from governance.actions.resetting import GONE
from governance.errors import Conflict, TooMany
from governance.forms import posted
from governance.models import User

OFTEN = "Too many requests for a new password. Wait a minute, then try again."


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The answer is the same whether there is such an address or not."""
    form = EmailForm(posted(request))
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        if not ratelimit.consume(request, action="reset_password", key=email.casefold()):
            raise TooMany(OFTEN, retry_after=60)
        resetting.ask(email)
        return render(request, "account/reset_asked.html", {"email": email})
    return render(request, "account/reset_ask.html", {"form": form}, status=form.status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest, key: str) -> HttpResponse:
    user = resetting.owner(key)
    if user is None:
        raise Conflict(GONE)
    form = NewPasswordForm(posted(request))
    if form.sent(request, partial(set_password, user, key)) is not None:
        return render(request, "account/reset_done.html", {"person": user})
    return render(request, "account/reset_choose.html", {"form": form, "person": user}, status=form.status)


def set_password(user: User, key: str, *, password: str, again: str) -> User:
    return actions.reset_password(user, key=key, password=password, by=user)
