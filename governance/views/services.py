"""Service accounts of a team: made, and handed over to another person."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from governance import access, actions
from governance.forms import AnsweringForm, ServiceForm, posted
from governance.models import Team, User
from governance.pages import Signed
from governance.views.teams import visible


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Signed, slug: str) -> HttpResponse:
    team = visible(request, slug)
    if request.method != "POST":
        access.check(request.user, "service.add", team)
    form = ServiceForm(posted(request), people=people(team), initial=request.user.username)
    account = form.sent(request, partial(add_service, team, request.user))
    if account is not None:
        owner = account.answered_by
        messages.success(request, f"{account.username} is there. Now {owner} makes a token for it.")
        return redirect("governance:team", team.slug)
    context = {
        "form": form,
        "section": "teams",
        "title": f"Make a service account of {team.slug}",
        "text": "A program acts by it instead of by a person. It has no password and cannot sign in: tokens "
        "open it, which whoever answers for it makes.",
        "yes": "Make the account",
        "no": "Make none",
        "back": reverse("governance:team", args=[team.slug]),
    }
    return render(request, "governance/roles_ask.html", context, status=form.status)


def add_service(team: Team, by: User, *, username: str, answered_by: str, roles: list[str]) -> User:
    owner = person(team, answered_by)
    return actions.add_service(team, username, roles=roles, answered_by=owner, by=by)


def people(team: Team) -> list[User]:
    """Those of a team who can answer for an account."""
    found = User.objects.filter(memberships__team=team, is_active=True, answered_by=None)
    return list(found.distinct().order_by("username"))


def person(team: Team, username: str) -> User:
    """One of them; the form takes no other name."""
    return next(found for found in people(team) if found.username == username)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: Signed, slug: str, username: str) -> HttpResponse:
    team = visible(request, slug)
    account = get_object_or_404(team.services.select_related("answered_by"), username=username)
    if request.method != "POST":
        access.check(request.user, "service.hand_over", account)
    others = [found for found in people(team) if found != account.answered_by]
    form = AnsweringForm(posted(request), people=others)
    if form.sent(request, partial(give_to, team, account, request.user)) is not None:
        messages.success(request, f"{form.cleaned_data['to']} answers for {username} now.")
        return redirect("governance:team", team.slug)
    context = {
        "form": form,
        "section": "teams",
        "title": f"Hand over {username}",
        "text": f"{account.answered_by} answers for it now. What it did stays theirs, and tokens that they "
        "made for it stop while they have an active account: the next person makes new ones.",
        "yes": "Hand it over",
        "no": "Leave it",
        "back": reverse("governance:team", args=[team.slug]),
    }
    return render(request, "governance/ask.html", context, status=form.status)


def give_to(team: Team, account: User, by: User, *, to: str) -> User:
    return actions.hand_over_service(account, to=person(team, to), by=by)
