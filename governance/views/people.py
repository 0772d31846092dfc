"""Users, and what each role may do."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from governance import access, actions, leaving, paging, roles
from governance.forms import ClosingForm, ConfirmForm, SearchForm, UserForm, posted
from governance.models import Membership, User
from governance.pages import Signed
from governance.sentences import RIGHTS
from governance.templatetags.words import counted
from governance.views.parts import pager


@login_required
@require_safe
def index(request: Signed) -> HttpResponse:
    access.check(request.user, "user.add", "users")
    form = SearchForm(request.GET)
    found = named(User.objects.visible_to(request.user), form)
    page = paging.page(
        found.select_related("created_by", "answered_by"), "username", cursor=request.GET.get("cursor", "")
    )
    context = {
        "form": form,
        "rows": with_teams(page.rows),
        "count": paging.bounded_count(found),
        "pager": pager(request, page),
    }
    return render(request, "governance/users.html", context, status=200 if form.is_valid() else 400)


def named(users: QuerySet[User], form: SearchForm) -> QuerySet[User]:
    """Those with the text in their name or address; nobody when it is malformed."""
    if not form.is_valid():
        return users.none()
    text = form.cleaned_data["search"]
    return users.filter(username__icontains=text) | users.filter(email__icontains=text) if text else users


def with_teams(users: list[User]) -> list[dict[str, Any]]:
    """Each with their teams and the roles there."""
    teams: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    held = Membership.objects.filter(user__in=users).select_related("team").order_by("team__slug", "role")
    for membership in held:
        teams[membership.user_id][membership.team.slug].append(membership.role)
    return [{"user": user, "teams": list(teams[user.pk].items())} for user in users]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Signed) -> HttpResponse:
    if request.method != "POST":
        access.check(request.user, "user.add", "users")
    form = UserForm(posted(request))
    user = form.sent(request, partial(add_user, request.user))
    if user is not None:
        messages.success(request, f"{user.username} can sign in now. Next, give them a role in a team.")
        return redirect("governance:users")
    context = {
        "form": form,
        "section": "users",
        "title": "Make an account",
        "text": "An account alone sees nothing: a steward gives it roles in a team.",
        "yes": "Make the account",
        "no": "Make none",
        "back": reverse("governance:users"),
    }
    return render(request, "governance/ask.html", context, status=form.status)


def add_user(by: User, *, username: str, email: str, password: str) -> User:
    return actions.add_user(username, password=password, email=email, by=by)


# ------------------------------------------------------------------ closing and opening again


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def deactivate(request: Signed, username: str) -> HttpResponse:
    user = get_object_or_404(User.objects.visible_to(request.user), username=username)
    if request.method != "POST":
        access.check(request.user, "user.deactivate", user)
    form = ClosingForm(posted(request))
    if form.sent(request, partial(actions.deactivate, user, by=request.user)) is not None:
        messages.success(request, f"The account of {username} is closed.")
        return redirect("governance:users")
    context = {
        "form": form,
        "section": "users",
        "title": f"Close the account of {username}?",
        "text": f"Sessions end at once, tokens for good, and what {username} asked for is withdrawn. "
        f"Approvals they gave and that are not used yet stop counting. Roles stay.{ownerless(user)}",
        "yes": "Close the account",
        "no": "Leave it open",
        "back": reverse("governance:users"),
        "danger": True,
    }
    return render(request, "governance/ask.html", context, status=form.status)


def ownerless(user: User) -> str:
    """What nobody takes care of afterwards."""
    found = [f"{counted(number, 'thing')} in {slug}" for slug, number in leaving.left_behind(user).items()]
    if not found:
        return ""
    return f" They own {', '.join(found)}: stewards hand that over when they remove them from the team."


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reactivate(request: Signed, username: str) -> HttpResponse:
    user = get_object_or_404(User.objects.visible_to(request.user), username=username)
    if request.method != "POST":
        access.check(request.user, "user.reactivate", user)
    form = ConfirmForm(posted(request))
    if form.sent(request, partial(actions.reactivate, user, by=request.user)) is not None:
        messages.success(request, f"{username} can sign in again.")
        return redirect("governance:users")
    context = {
        "form": form,
        "section": "users",
        "title": f"Open the account of {username} again?",
        "text": f"{username} signs in with the password of before, and has the roles that are still theirs. "
        "Tokens and sessions of before stay closed.",
        "yes": "Open it again",
        "no": "Leave it closed",
        "back": reverse("governance:users"),
    }
    return render(request, "governance/ask.html", context, status=form.status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reset_factors(request: Signed, username: str) -> HttpResponse:
    user = get_object_or_404(User.objects.visible_to(request.user), username=username)
    if request.method != "POST":
        access.check(request.user, "factor.reset", user)
    form = ConfirmForm(posted(request))
    form.sent(request, partial(actions.reset_factors, user, by=request.user))
    if form.is_bound and form.is_valid():
        messages.success(request, f"The password of {username} is enough to sign in again.")
        return redirect("governance:users")
    context = {
        "form": form,
        "section": "users",
        "title": f"Take the second factor of {username} away?",
        "text": f"For when {username} has lost it and every recovery code. Make sure that they are who "
        "asks: their password alone opens the account afterwards. They are told, and signed out everywhere.",
        "yes": "Take it away",
        "no": "Leave it",
        "back": reverse("governance:users"),
        "danger": True,
    }
    return render(request, "governance/ask.html", context, status=form.status)


# ------------------------------------------------------------------ roles


@login_required
@require_safe
def show_roles(request: Signed) -> HttpResponse:
    """The table is made from the code that decides, so it cannot be wrong."""
    rights = [
        {"words": words, "cells": [(role, action in held) for role, held in roles.ROLES.items()]}
        for action, words in RIGHTS.items()
    ]
    context = {"section": "teams", "duties": roles.DUTIES, "rights": rights}
    return render(request, "governance/roles.html", context)
