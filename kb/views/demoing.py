"""Two questions as pages: whether the demo is loaded, and whether it is put away."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from governance import access
from governance.errors import Absent
from governance.forms import ConfirmForm, posted
from governance.pages import Signed
from kb import actions
from kb.demo import loading
from kb.demo.guests import GUESTS, TEAM
from kb.demo.loading import Site

question = require_http_methods(["GET", "HEAD", "POST"])
WHO = ", ".join(guest.name for guest in GUESTS)
LOAD = {
    "title": "Load the demo?",
    "text": f"A worker makes five people ({WHO}), the team {TEAM} and what they did: three datasets, four "
    "models, checks, approvals, a rollback. It takes a minute or two, while you see how far it is. You can "
    "put it away afterwards; what happened stays in the trail for ever.",
    "yes": "Load the demo",
    "no": "Stay empty",
}
AWAY = {
    "title": "Put the demo away?",
    "text": f"The accounts of {WHO} are closed and the team {TEAM} is archived: lists show nothing of it any "
    "more. What happened stays in the trail. The demo does not come again.",
    "yes": "Put it away",
    "no": "Keep it",
    "danger": True,
}


@question
@login_required
def load(request: Signed) -> HttpResponse:
    form, by = ConfirmForm(posted(request)), request.user
    if request.method != "POST":
        access.check(by, "demo.load", Site())
    if form.sent(request, lambda: actions.load_demo(Site(), by=by)):
        messages.success(request, "The demo is being loaded. This page says how far it is.")
        return redirect("kb:home")
    return asked(request, form, **LOAD)


@question
@login_required
def put_away(request: Signed) -> HttpResponse:
    form, by = ConfirmForm(posted(request)), request.user
    access.check(by, "user.deactivate", Site())
    demo = loading.standing()
    if demo is None or demo.state != "told":
        raise Absent("There is no demo to put away.")
    if form.sent(request, lambda: actions.put_away(by=by)):
        messages.success(request, "The demo is put away.")
        return redirect("kb:home")
    return asked(request, form, **AWAY)


def asked(request: Signed, form: ConfirmForm, **words: Any) -> HttpResponse:
    context = {"form": form, "back": reverse("kb:home"), "section": "home", **words}
    return render(request, "_components/dialog.html", context, status=form.status)
