"""Tokens of programs: one's own, made, shown once and revoked."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from governance import actions, paging
from governance.forms import ConfirmForm, TokenForm, posted
from governance.models import Membership, Team, Token, User
from governance.pages import Signed
from governance.scopes import said
from governance.views.parts import pager

# The state of a token: its colour, its shape, its word.
STATES = {
    "usable": ("good", "good", "Usable"),
    "stopped": ("warn", "warn", "Stopped"),
    "expired": ("neutral", "neutral", "Expired"),
    "revoked": ("blocked", "x", "Revoked"),
}


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Signed) -> HttpResponse:
    """The text of a new token stands on the answer itself: nothing keeps it for a second look."""
    accounts = list(request.user.accounts.filter(is_active=True).order_by("username"))
    form = TokenForm(posted(request), teams=teams_of(request.user), accounts=accounts)
    made = form.sent(request, partial(add_token, request.user))
    if made is not None:
        token, text = made
        context = {
            "token": token,
            "may": said(token.groups),
            "text": text,
            "command": command(request, text),
            "section": "tokens",
        }
        return render(request, "governance/token_made.html", context)
    own = Token.objects.visible_to(request.user).select_related("team", "user__answered_by", "made_by")
    page = paging.page(own, "-pk", cursor=request.GET.get("cursor", ""))
    rows = [{"token": token, "badge": STATES[token.state], "may": said(token.groups)} for token in page.rows]
    context = {"form": form, "rows": rows, "pager": pager(request, page)}
    return render(request, "governance/tokens.html", context, status=form.status)


def add_token(by: User, *, account: User | None = None, **given: Any) -> tuple[Token, str]:
    return actions.add_token(account or by, **given, by=by)


def teams_of(person: User) -> list[Team]:
    """One's own, and those of service accounts that one answers for."""
    held = Membership.objects.filter(Q(user=person) | Q(user__answered_by=person)).values("team")
    return list(Team.objects.filter(pk__in=held))


def command(request: Signed, text: str) -> str:
    """What to type into a terminal to see that the token works."""
    address = request.build_absolute_uri("/api/v1/models/")
    return f'curl -H "Authorization: Bearer {text}" \\\n  {address}'


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: Signed, pk: int) -> HttpResponse:
    token = get_object_or_404(Token.objects.visible_to(request.user), pk=pk)
    form = ConfirmForm(posted(request))
    form.sent(request, partial(actions.revoke_token, token, by=request.user))
    if form.is_bound and form.is_valid():
        messages.success(
            request, f"The token “{token.name}” is revoked: no program gets in with it any more."
        )
        return redirect("governance:tokens")
    context = {
        "form": form,
        "section": "tokens",
        "title": f"Revoke the token “{token.name}”?",
        "text": f"Programs that use {token.prefix}… are refused from now on. It cannot be taken back.",
        "yes": "Revoke it",
        "no": "Keep it",
        "back": reverse("governance:tokens"),
        "danger": True,
    }
    return render(request, "governance/ask.html", context, status=form.status)
