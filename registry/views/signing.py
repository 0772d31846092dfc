"""Signing keys of a team, and the signature that this server made of a version."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from governance import access, paging
from governance.forms import posted
from governance.pages import Signed, why_not
from governance.searching import searched
from governance.views.parts import pager
from registry import actions
from registry.forms.gates import EndKeyForm, SigningKeyForm
from registry.models import SigningKey, Version
from registry.presenting.signing import signature_of
from registry.sending import guarded
from registry.views.found import on_version
from registry.views.gates import crumbs, find_team


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Signed, slug: str) -> HttpResponse:
    team = find_team(request.user, slug)
    form = SigningKeyForm(posted(request))
    made = form.sent(request, lambda **said: actions.add_signing_key(team, **said, by=request.user))
    if made:
        messages.success(
            request, f"{made} is a signing key of {team.slug}: what it signed counts from now on."
        )
        return redirect("registry:signing_keys", slug)
    search = request.GET.get("search", "").strip()[:200]
    found = searched(SigningKey.objects.visible_to(request.user).filter(team=team), SEARCHED, search)
    rows = found.select_related("added_by", "ended_by")
    page = paging.page(rows, "-pk", cursor=request.GET.get("cursor", ""))
    context: dict[str, Any] = {
        "team": team,
        "section": "teams",
        "crumbs": crumbs(team),
        "form": form,
        "search": search,
        "keys": page.rows,
        "pager": pager(request, page),
        "why_not": why_not(request.user, "signing_key.add", team),
    }
    return render(request, "registry/signing_keys.html", context, status=form.status)


SEARCHED = ("name", "whose", "fingerprint")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: Signed, slug: str, pk: int) -> HttpResponse:
    team = find_team(request.user, slug)
    key = get_object_or_404(SigningKey.objects.in_force().filter(team=team), pk=pk)
    if request.method != "POST":
        access.check(request.user, "signing_key.end", team)
    form = EndKeyForm(posted(request))
    if form.sent(request, lambda **said: actions.end_signing_key(key, **said, by=request.user)):
        messages.success(request, f"{key} is no signing key of {slug} any more.")
        return redirect("registry:signing_keys", slug)
    context = {
        "form": form,
        "section": "teams",
        "title": f"End the signing key {key}?",
        "text": "What it signed counts no more, whenever that was. What is in use stays in use.",
        "yes": "End it",
        "no": "Keep it",
        "back": reverse("registry:signing_keys", args=[slug]),
        "danger": True,
    }
    return render(request, "_components/dialog.html", context, status=form.status)


@require_safe
@on_version
def signature(request: Signed, version: Version) -> HttpResponseBase:
    """As the reference takes it."""
    made = signature_of(version)
    return guarded(HttpResponse(made.bundle), f"{version.artifact.name}-{version.number}.sig")
