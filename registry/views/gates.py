"""The gates of a team: what each alias asks for, and changes that a second person confirms."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from governance import access
from governance.access import listed
from governance.errors import Absent
from governance.forms import posted
from governance.models import Team, User
from governance.pages import Signed, why_not
from registry import actions
from registry.forms.gates import AnswerForm, GatesForm
from registry.gate_changes import changes, of_thresholds, parts, required, taken
from registry.loosening import lets_through
from registry.models import GateRequest, GateSettings
from registry.models.gates import DEFAULTS, Gates, settings_of, written
from registry.policies.another_steward import is_alone
from registry.required_runs import title_of

MOST = 20
# The state of a request: its colour, its shape, its word.
STATES = {
    "open": ("info", "info", "Waiting"),
    "confirmed": ("good", "good", "Confirmed"),
    "rejected": ("blocked", "blocked", "Rejected"),
    "void": ("neutral", "neutral", "Void"),
}


def find_team(person: User, slug: str) -> Team:
    team = Team.objects.filter(slug=slug, pk__in=access.teams(person, "version.view")).first()
    if team is None:
        raise Absent(f"There are no gates of {slug[:60]} that you may see.")
    return team


def crumbs(team: Team) -> list[dict[str, str]]:
    return [
        {"word": "Teams", "href": reverse("governance:teams")},
        {"word": team.slug, "href": reverse("governance:team", args=[team.slug])},
    ]


# ------------------------------------------------------------------ the gates


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: Signed, slug: str) -> HttpResponse:
    team = find_team(request.user, slug)
    now = settings_of(team)
    form = GatesForm(posted(request), settings=now)
    asked = form.sent(request, lambda **_: ask(team, form, by=request.user))
    if asked is not None:
        messages.success(request, "The change is asked for. Another steward confirms it.")
        return redirect("registry:gate_request", team.slug, asked.pk)
    context = {
        "team": team,
        "section": "teams",
        "crumbs": crumbs(team),
        "settings": now,
        "gates": table(now.by_alias),
        "thresholds": of_thresholds({}, now.thresholds),
        "history": history(request.user, team),
        "why_not": why_not(request.user, "gate.request", team),
        "form": form,
    }
    return render(request, "registry/gate.html", context, status=form.status)


def ask(team: Team, form: GatesForm, *, by: User) -> GateRequest:
    said = {name: form.cleaned_data[name] for name in ("based_on", "note", "thresholds")}
    return actions.request_gates(team, form.gates, **said, by=by)


def table(gates: Gates) -> list[dict[str, Any]]:
    """Production first."""
    return [
        {
            "alias": alias,
            "gate": gate,
            "approvers": listed(gate.approvers),
            "required": required(gate),
            "licences": taken(gate),
            "card": parts(gate),
            "run": title_of(gate.run),
        }
        for alias, gate in reversed(gates.items())
    ]


def history(person: User, team: Team) -> list[dict[str, Any]]:
    """The newest requests, each with what it changes or changed."""
    seen = GateRequest.objects.visible_to(person).filter(team=team)
    found = list(seen.select_related("requested_by", "closed_by")[:MOST])
    before = befores(team, found)
    return [
        {
            "request": asked,
            "badge": STATES[asked.state],
            "changes": [
                *changes(before[asked.based_on].by_alias, asked.by_alias),
                *of_thresholds(before[asked.based_on].thresholds, asked.thresholds),
            ],
        }
        for asked in found
    ]


def befores(team: Team, asked: list[GateRequest]) -> dict[int, GateSettings]:
    """The settings that requests would replace, by number."""
    numbers = {each.based_on for each in asked}
    found = GateSettings.objects.filter(team=team, number__in=numbers)
    usual = GateSettings(team=team, number=0, gates=written(DEFAULTS))
    return {0: usual, **{each.number: each for each in found}}


# ------------------------------------------------------------------ one request


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show_request(request: Signed, slug: str, pk: int) -> HttpResponse:
    asked = find_request(request.user, slug, pk)
    form = AnswerForm(posted(request))
    if form.sent(request, partial(decide, asked, request.user)):
        messages.success(request, told(asked, form.cleaned_data["decision"]))
        return redirect("registry:gate_request", slug, asked.pk)
    return render(
        request, "registry/gate_request.html", described(asked, request.user, form), status=form.status
    )


def find_request(person: User, slug: str, pk: int) -> GateRequest:
    seen = GateRequest.objects.visible_to(person).filter(team__slug=slug, pk=pk)
    asked = seen.select_related("team", "requested_by", "closed_by").first()
    if asked is None:
        raise Absent(f"There is no request for other gates of {slug[:60]} that you may see.")
    return asked


def decide(asked: GateRequest, by: User, *, note: str, decision: str) -> object:
    act = actions.confirm_gates if decision == "confirm" else actions.reject_gates
    return act(asked, note=note, by=by)


def told(asked: GateRequest, decision: str) -> str:
    if decision == "confirm":
        return f"The gates of {asked.team.slug} are like this from now on."
    return "The request is closed. Nothing has changed."


def described(asked: GateRequest, person: User, form: AnswerForm) -> dict[str, Any]:
    team = asked.team
    before = befores(team, [asked])[asked.based_on]
    found = changes(before.by_alias, asked.by_alias)
    found += of_thresholds(before.thresholds, asked.thresholds)
    is_open = asked.closed_at is None
    return {
        "team": team,
        "section": "teams",
        "crumbs": [*crumbs(team), {"word": "Gates", "href": reverse("registry:gate", args=[team.slug])}],
        "asked": asked,
        "badge": STATES[asked.state],
        "changes": found,
        "lets_through": lets_through(asked, person) if is_open else [],
        "form": form,
        "is_open": is_open,
        "alone": is_open and asked.requested_by_id == person.pk and is_alone(person, team),
        "why_not_confirm": why_not(person, "gate.confirm", asked) if is_open else "",
        "why_not_reject": why_not(person, "gate.reject", asked) if is_open else "",
    }
