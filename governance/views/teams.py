"""Teams, and who is in them with which roles."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from governance import access, actions, leaving, paging
from governance.errors import Conflict, Invalid
from governance.forms import (
    ClosingForm,
    ConfirmForm,
    LeavingForm,
    MemberForm,
    RolesForm,
    TeamForm,
    posted,
)
from governance.models import Team, User
from governance.pages import Signed, why_not
from governance.views.parts import pager


@login_required
@require_safe
def index(request: Signed) -> HttpResponse:
    archived = "archived" in request.GET
    seen = Team.objects.visible_to(request.user)
    teams = (seen if archived else seen.at_work()).annotate(people=Count("memberships__user", distinct=True))
    page = paging.page(teams, "slug", cursor=request.GET.get("cursor", ""))
    own = own_roles(request.user)
    context = {
        "rows": [{"team": team, "roles": own[team.pk]} for team in page.rows],
        "why_not": why_not(request.user, "team.add", "teams"),
        "pager": pager(request, page),
        "archived": archived,
        "hides": not archived and seen.exclude(archived_at=None).exists(),
    }
    return render(request, "governance/teams.html", context)


def own_roles(person: User) -> dict[int, list[str]]:
    """What one is oneself, by team."""
    found: dict[int, list[str]] = defaultdict(list)
    for team, role in person.memberships.order_by("role").values_list("team_id", "role"):
        found[team].append(role)
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Signed) -> HttpResponse:
    if request.method != "POST":
        access.check(request.user, "team.add", "teams")
    form = TeamForm(posted(request))
    team = form.sent(request, partial(add_team, request.user))
    if team is not None:
        messages.success(request, f"The team {team.slug} is there. Next, put people into it.")
        return redirect("governance:team", team.slug)
    context = {
        "form": form,
        "section": "teams",
        "title": "Make a team",
        "text": "A team owns models, datasets and assets. Its members see them; others do not.",
        "yes": "Make the team",
        "no": "Make none",
        "back": reverse("governance:teams"),
    }
    return render(request, "governance/ask.html", context, status=form.status)


def add_team(by: User, *, slug: str, name: str) -> Team:
    return actions.add_team(slug, name=name, by=by)


# ------------------------------------------------------------------ one team


@login_required
@require_safe
def show(request: Signed, slug: str) -> HttpResponse:
    team = visible(request, slug)
    context = {
        "team": team,
        "members": members(team),
        "mine": own_roles(request.user)[team.pk],
        "why_not": why_not(request.user, "member.set", team),
        "sees_gates": access.can(request.user, "version.view", team),
        "has_bin": team.pk in access.teams(request.user, "artifact.restore"),
        "reads_trail": access.can(request.user, "event.view", team),
        "guards": access.can(request.user, "team.require_factor", team),
        "sets_webhook": access.can(request.user, "webhook.set", team),
        "archives": access.can(request.user, "team.archive", team),
        "brings_back": access.can(request.user, "team.unarchive", team),
        "crumbs": [{"word": "Teams", "href": reverse("governance:teams")}],
    }
    return render(request, "governance/team.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def archive(request: Signed, slug: str) -> HttpResponse:
    team = visible(request, slug)
    if request.method != "POST":
        access.check(request.user, "team.archive", team)
    form = ClosingForm(posted(request))
    if form.sent(request, partial(actions.archive_team, team, by=request.user)) is not None:
        messages.success(request, f"{slug} is archived: it is read-only, and lists leave it out.")
        return redirect("governance:team", slug)
    context = {
        "form": form,
        "section": "teams",
        "title": f"Archive {slug}?",
        "text": f"Nobody pushes, decides or promotes in {slug} any more. What was released can still be "
        "fetched, and its members still see everything. The site administrator can bring the team back "
        "as it was.",
        "yes": "Archive it",
        "no": "Keep it at work",
        "back": reverse("governance:team", args=[slug]),
        "danger": True,
    }
    return render(request, "governance/ask.html", context, status=form.status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def unarchive(request: Signed, slug: str) -> HttpResponse:
    team = visible(request, slug)
    if request.method != "POST":
        access.check(request.user, "team.unarchive", team)
    form = ConfirmForm(posted(request))
    if form.sent(request, partial(actions.unarchive_team, team, by=request.user)) is not None:
        messages.success(request, f"{slug} is at work again.")
        return redirect("governance:team", slug)
    context = {
        "form": form,
        "section": "teams",
        "title": f"Bring {slug} back?",
        "text": "Its members push, decide and promote again, by the roles that they have.",
        "yes": "Bring it back",
        "no": "Leave it archived",
        "back": reverse("governance:team", args=[slug]),
    }
    return render(request, "governance/ask.html", context, status=form.status)


def visible(request: Signed, slug: str) -> Team:
    teams = Team.objects.visible_to(request.user).select_related("created_by")
    return get_object_or_404(teams, slug=slug)


def members(team: Team) -> list[dict[str, Any]]:
    """Everybody in the team with each role, who gave it and when."""
    rows = team.memberships.select_related("user__answered_by", "granted_by").order_by(
        "user__username", "role"
    )
    return [
        {"user": user, "roles": list(held), "service": service(user)}
        for user, held in groupby(rows, key=lambda membership: membership.user)
    ]


def service(user: User) -> str:
    """What a service account is called beside its name; nothing for a person."""
    return f"service account, answered for by {user.answered_by}" if user.answered_by else ""


# ------------------------------------------------------------------ members


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_member(request: Signed, slug: str) -> HttpResponse:
    team = visible(request, slug)
    if request.method != "POST":
        access.check(request.user, "member.set", team)
    form = MemberForm(posted(request))
    if form.sent(request, partial(let_in, team, request.user)):
        messages.success(request, f"{form.cleaned_data['username']} is in {team.slug} now.")
        return redirect("governance:team", team.slug)
    context = {
        "form": form,
        "section": "teams",
        "title": f"Add somebody to {team.slug}",
        "text": "The person needs an account: the site administrator makes it.",
        "yes": "Add the person",
        "no": "Add nobody",
        "back": reverse("governance:team", args=[team.slug]),
    }
    return render(request, "governance/roles_ask.html", context, status=form.status)


def let_in(team: Team, by: User, *, username: str, roles: list[str]) -> list[str]:
    """Somebody who is not in the team yet: giving roles to a member would take the others away.

    Anybody is found by the exact name, since whom one lets in need not share a team with one yet. Who may
    let in nobody gets the same refusal whatever the name.
    """
    user = User.objects.exclude(username=User.SYSTEM).filter(username__iexact=username).first()
    if access.can(by, "member.set", team):
        refuse_unfit(team, user, username)
    return actions.set_roles(team, user or User(username=username), roles, by=by)


def refuse_unfit(team: Team, user: User | None, username: str) -> None:
    if user is None:
        sentence = f"Nobody here is called {username}: the site administrator makes accounts."
        raise Invalid(sentence, errors={"username": [sentence]})
    if team.memberships.filter(user=user).exists():
        raise Conflict(f"{user.username} is in {team.slug} already: change the roles on the team's page.")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_member(request: Signed, slug: str, username: str) -> HttpResponse:
    team = visible(request, slug)
    user = member(team, username)
    if request.method != "POST":
        access.check(request.user, "member.set", team)
    form = RolesForm(posted(request), initial={"roles": held(team, user)})
    if form.sent(request, lambda roles: actions.set_roles(team, user, roles, by=request.user)):
        messages.success(request, f"{user.username} is {', '.join(held(team, user))} in {team.slug} now.")
        return redirect("governance:team", team.slug)
    context = {
        "form": form,
        "section": "teams",
        "title": f"Roles of {user.username} in {team.slug}",
        "text": "Rights add up. A change counts from the next thing the person does.",
        "yes": "Set the roles",
        "no": "Keep them as they are",
        "back": reverse("governance:team", args=[team.slug]),
    }
    return render(request, "governance/roles_ask.html", context, status=form.status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove_member(request: Signed, slug: str, username: str) -> HttpResponse:
    team = visible(request, slug)
    user = member(team, username)
    if request.method != "POST":
        access.check(request.user, "member.set", team)
    theirs = leaving.owned(team, user) if access.can(request.user, "member.set", team) else []
    form = LeavingForm(posted(request), people=heirs(team, user) if theirs else [])
    if form.sent(request, partial(let_go, team, user, request.user)) is not None:
        messages.success(request, f"{user.username} is not in {team.slug} any more.")
        access.forget(request.user)
        if access.can(request.user, "team.view", team):
            return redirect("governance:team", team.slug)
        return redirect("governance:teams")
    context = {
        "form": form,
        "section": "teams",
        "title": f"Remove {user.username} from {team.slug}?",
        "text": f"{user.username} no longer sees what belongs to {team.slug}. What they pushed and decided "
        "stays, with their name; approvals they gave and that are not used yet stop counting, and what they "
        f"asked for is withdrawn.{taken_over(request.user, team, theirs)}",
        "yes": f"Remove {user.username}",
        "no": "Keep them",
        "back": reverse("governance:team", args=[team.slug]),
        "danger": True,
    }
    return render(request, "governance/ask.html", context, status=form.status)


def heirs(team: Team, user: User) -> list[User]:
    """Who could take over what somebody leaves behind: people of the team who may push."""
    able = access.holders(team, "version.add").keys() - {user.pk}
    return list(User.objects.filter(pk__in=able, answered_by=None).order_by("username"))


def let_go(team: Team, user: User, by: User, *, hand_over_to: str = "") -> list[str]:
    to = next((heir for heir in heirs(team, user) if heir.username == hand_over_to), None)
    return actions.set_roles(team, user, [], hand_over_to=to, by=by)


def taken_over(person: User, team: Team, theirs: list[str]) -> str:
    """What has to be handed over."""
    if not theirs:
        return ""
    return f" They own {leaving.said(person, team, theirs)}: somebody else has to take that over."


def member(team: Team, username: str) -> User:
    user: User = get_object_or_404(User.objects.filter(memberships__team=team).distinct(), username=username)
    return user


def held(team: Team, user: User) -> list[str]:
    return list(team.memberships.filter(user=user).order_by("role").values_list("role", flat=True))
