"""Invitations: a team's list of them, and the page behind their link."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from governance import access, actions, inviting, paging
from governance.account_forms import InvitationForm, JoiningForm
from governance.actions.invitations import WORDS
from governance.errors import Absent, Conflict
from governance.forms import ConfirmForm, posted
from governance.models import Invitation, User
from governance.pages import Signed
from governance.views.parts import pager
from governance.views.teams import visible

STATES = {
    "open": ("info", "clock", "Open"),
    "used": ("good", "good", "Used"),
    "revoked": ("neutral", "x", "Taken back"),
    "expired": ("neutral", "neutral", "Expired"),
}


@login_required
@never_cache
@require_safe
def index(request: Signed, slug: str) -> HttpResponse:
    team = visible(request, slug)
    access.check_role(request.user, "invitation.add", team)
    found = (
        Invitation.objects.visible_to(request.user)
        .filter(team=team)
        .select_related("team", "invited_by", "used_by")
    )
    page = paging.page(found, "-pk", cursor=request.GET.get("cursor", ""))
    context = {
        "team": team,
        "rows": [row(invitation) for invitation in page.rows],
        "pager": pager(request, page),
        "section": "teams",
        "crumbs": [
            {"word": "Teams", "href": reverse("governance:teams")},
            {"word": team.slug, "href": reverse("governance:team", args=[team.slug])},
        ],
    }
    return render(request, "governance/invitations.html", context)


def row(invitation: Invitation) -> dict[str, Any]:
    is_open = invitation.state == "open"
    return {
        "invitation": invitation,
        "badge": STATES[invitation.state],
        "link": inviting.link(invitation) if is_open else "",
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Signed, slug: str) -> HttpResponse:
    team = visible(request, slug)
    if request.method != "POST":
        access.check(request.user, "invitation.add", team)
    form = InvitationForm(posted(request))
    made = form.sent(request, partial(actions.add_invitation, team, by=request.user))
    if made is not None:
        messages.success(request, f"{made.email} is invited: the link works once, for 7 days.")
        return redirect("governance:invitations", slug)
    context = {
        "form": form,
        "section": "teams",
        "title": f"Invite somebody to {slug}",
        "text": "They get a link by mail, and choose user name and password themselves. Who has an account "
        "already is added to the team by it.",
        "yes": "Send the invitation",
        "no": "Invite nobody",
        "back": reverse("governance:invitations", args=[slug]),
    }
    return render(request, "governance/invite.html", context, status=form.status)


@login_required
@require_POST
def revoke(request: Signed, slug: str, pk: int) -> HttpResponse:
    seen = Invitation.objects.visible_to(request.user)
    invitation = get_object_or_404(seen.filter(team__slug=slug), pk=pk)
    actions.revoke_invitation(invitation, by=request.user)
    messages.success(request, f"The invitation of {invitation.email} is taken back: its link opens nothing.")
    return redirect("governance:invitations", slug)


# ------------------------------------------------------------------ behind the link


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, key: str) -> HttpResponse:
    """Who is signed in comes in as they are; anybody else gets an account."""
    invitation = inviting.find(key)
    if invitation is None:
        raise Absent("There is no such invitation. Copy the whole link from the mail.")
    if invitation.state != "open":
        by = invitation.invited_by
        again = f" {by} can send another one." if access.can(by, "invitation.add", invitation.team) else ""
        raise Conflict(f"{WORDS[invitation.state]}{again}")
    if request.user.is_authenticated:
        form: ConfirmForm | JoiningForm = ConfirmForm(posted(request))
        done = form.sent(request, partial(actions.join, invitation, by=request.user))
    else:
        form = JoiningForm(posted(request))
        done = form.sent(request, partial(make, invitation))
    if done is not None:
        signed = request.user.is_authenticated
        return redirect("governance:team", invitation.team.slug) if signed else welcome(request, done)
    context = {"form": form, "invitation": invitation}
    return render(request, "account/join.html", context, status=form.status)


def make(invitation: Invitation, *, username: str, password: str, again: str) -> User:
    return actions.accept_invitation(
        invitation, username=username, password=password, by=invitation.invited_by
    )


def welcome(request: HttpRequest, person: User) -> HttpResponse:
    return render(request, "account/joined.html", {"person": person})
