"""One's own account: what is shown of oneself, and where one is signed in."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from governance import actions, browsers
from governance.account_forms import EmailForm, ProfileForm
from governance.forms import posted
from governance.models import Browser
from governance.pages import Signed


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: Signed) -> HttpResponse:
    person = request.user
    now = {"name": person.get_full_name(), "time_zone": person.time_zone, "theme": person.theme or "system"}
    form = ProfileForm(posted(request), initial=now)
    if form.sent(request, partial(actions.set_profile, person, by=person)) is not None:
        messages.success(request, "Your profile is changed.")
        return redirect("governance:profile")
    context = {"form": form, "now": timezone.localtime(), "section": "profile"}
    return render(request, "governance/profile.html", context, status=form.status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def email(request: Signed) -> HttpResponse:
    form = EmailForm(posted(request), initial={"email": request.user.email})
    if form.sent(request, partial(actions.set_email, request.user, by=request.user)) is not None:
        messages.success(request, "Your e-mail address is changed.")
        return redirect("governance:profile")
    context = {
        "form": form,
        "section": "profile",
        "title": "Change your e-mail address",
        "text": "Messages go there, and links that set a new password: use one that only you read.",
        "yes": "Change it",
        "no": "Keep the old one",
        "back": reverse("governance:profile"),
    }
    return render(request, "governance/ask.html", context, status=form.status)


# ------------------------------------------------------------------ sessions


@login_required
@require_safe
def sessions(request: Signed) -> HttpResponse:
    found = Browser.objects.visible_to(request.user).order_by("-seen_at")
    rows = [
        {
            "browser": browser,
            "device": browsers.device(browser.agent),
            "here": browser.key == request.session.session_key,
        }
        for browser in found[:MOST]
    ]
    return render(request, "governance/sessions.html", {"rows": rows, "section": "profile"})


MOST = 100


@login_required
@require_POST
def end_one(request: Signed, pk: int) -> HttpResponse:
    browser = get_object_or_404(Browser.objects.visible_to(request.user), pk=pk)
    actions.end_session(browser, by=request.user)
    messages.success(request, f"{browsers.device(browser.agent)} is signed out.")
    return redirect("governance:sessions")


@login_required
@require_POST
def end_all(request: Signed) -> HttpResponse:
    actions.end_sessions(request.user, by=request.user)
    request.session.flush()
    return redirect("account_login")
