"""“Is it you?”: asked before what matters most, when the sign-in is some time ago."""

from __future__ import annotations

import time
from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from governance import actions, factors, locking
from governance.account_forms import IdentityForm
from governance.browsers import CONFIRMED
from governance.forms import posted
from governance.models import User
from governance.pages import Signed
from governance.views.second_step import options
from governance.views.theme import safe


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: Signed) -> HttpResponse:
    form = IdentityForm(posted(request), factor=factors.has(request.user))
    if form.sent(request, partial(confirmed, request.user)) is not None:
        request.session[CONFIRMED] = time.time()
        return redirect(safe(request, request.GET.get("next", "")))
    context = {"form": form, "options": options(request.user)}
    return render(request, "account/reauthenticate.html", context, status=form.status)


def confirmed(user: User, **given: str) -> User:
    with locking.guessing(user.username):
        return actions.confirm(user, **given, by=user)
