"""Decisions: the log, one of them, and a new one, which may supersede another."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from governance import access, paging, roles
from governance.errors import Denied
from governance.forms import posted
from governance.models import Team, User
from governance.pages import Signed
from governance.views.parts import pager, without
from kb import actions, markdown
from kb.cards import cards, drawn
from kb.forms import DecisionForm
from kb.labels import decisions_of, found_decision, names_of
from kb.models import Decision
from registry.forms.lists import Narrowing

NO_TEAM = f"It takes a team in which you are {' or '.join(roles.allowing('decision.add'))}."
PARTS = (
    ("context", "Context"),
    ("options", "What could have been done"),
    ("choice", "What was chosen"),
    ("consequences", "What follows"),
)


@require_safe
@login_required
def decisions(request: Signed) -> HttpResponse:
    """The newest first; with a search, those that have all its words."""
    by, form = request.user, Narrowing(request.GET, person=request.user)
    active = form.active
    found = decisions_of(by)
    if team := active.get("team"):
        found = found.filter(team__slug=team)
    if search := active.get("search"):
        found = found.matching(search)
    page = paging.page(found, "-pk", cursor=request.GET.get("cursor", ""))
    context = {
        "search": form["search"],
        "team": form["team"],
        "clear": without(request, "team", "cursor"),
        "active": active,
        "decisions": page.rows,
        "count": paging.bounded_count(found),
        "pager": pager(request, page),
        "closed": "" if access.teams(by, "decision.add") else NO_TEAM,
    }
    return shown(request, "kb/decisions.html", context)


@require_safe
@login_required
def decision(request: Signed, team: str, number: str) -> HttpResponse:
    by, found = request.user, found_decision(request.user, team, number)
    texts = [(word, markdown.read(getattr(found, name))) for name, word in PARTS if getattr(found, name)]
    about = names_of(found.about)
    named = cards(by, [*about, *(each for _, read in texts for each in read.references)])
    context = {
        "decision": found,
        "later": getattr(found, "superseded_by", None),
        "parts": [(word, read.shown(drawn(named))) for word, read in texts],
        "about": [named[each] for each in about if each in named],
        "supersedes": access.can(by, "decision.add", found),
    }
    return shown(request, "kb/decision.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new_decision(request: Signed) -> HttpResponse:
    by = request.user
    begun = {name: request.GET.get(name, "")[:200] for name in ("team", "supersedes", "about")}
    form = DecisionForm(posted(request), person=by, initial=begun)
    if not (form.is_bound or form.offers):
        raise Denied(NO_TEAM)
    made = form.sent(request, lambda **values: add(by, **values))
    if made:
        messages.success(request, f"Decision {made.number} is noted.")
        return redirect(reverse("kb:decision", args=[made.team.slug, made.number]))
    return shown(request, "kb/decision_new.html", {"form": form}, form.status)


def add(by: User, *, team: Team, supersedes: str, **said: Any) -> Decision:
    older = found_decision(by, team.slug, supersedes) if supersedes else None
    return actions.add_decision(team, supersedes=older, by=by, **said)


def shown(request: Signed, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, template, {"section": "decisions", **context}, status=status)
