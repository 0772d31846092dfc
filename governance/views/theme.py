"""Light, dark, contrast, or as the system likes it: it follows the person, and this browser remembers it."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from governance import actions
from governance.pages import Signed

KEPT = timedelta(days=365)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: Signed) -> HttpResponse:
    """Keep the choice and go back to where it was made, if that is here."""
    if request.method != "POST":
        return redirect("kb:home")
    theme = request.POST.get("theme", "")
    actions.set_profile(request.user, theme=theme, by=request.user)
    response = redirect(safe(request, request.POST.get("next", "")))
    response.set_cookie(
        "theme",
        theme,
        max_age=KEPT,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def safe(request: HttpRequest, address: str) -> str:
    """An address of this site, or home."""
    here = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if here else "/"
