"""Triggers: the list, setting one up, and one of them with what it would start and has started."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from governance import access, paging
from governance.errors import Absent, Invalid
from governance.forms import posted
from governance.models import Team, User
from governance.pages import Signed, why_not
from governance.prepared import prepared
from governance.views.parts import pager
from kb import actions
from kb.models import Firing, Trigger
from kb.presenting import triggers as presenting
from kb.trigger_forms import TriggerForm

FEW = 20
DONE = {
    "on": "It is on: it starts runs by what happens from now on.",
    "off": "It is off: it starts nothing more.",
}


def find(person: User, pk: int) -> Trigger:
    found = next(iter(with_key(person, pk=pk)), None)
    if found is None:
        raise Absent("There is no such trigger that you may see.")
    return found


@prepared
def with_key(person: User, *, pk: Any) -> QuerySet[Trigger]:
    return Trigger.objects.visible_to(person).select_related("team", "made_by").filter(pk=pk)


@prepared
def newest_of(person: User, *, trigger: Any) -> QuerySet[Firing]:
    seen = Firing.objects.visible_to(person).filter(trigger=trigger)
    return seen.select_related("run")[: FEW + 1]


def crumbs(*, below: bool = False) -> list[dict[str, str]]:
    found = [{"word": "Runs", "href": reverse("kb:runs")}]
    return [*found, {"word": "Triggers", "href": reverse("kb:triggers")}] if below else found


def teams_of(person: User) -> list[Team]:
    able = access.teams(person, "trigger.add")
    return list(Team.objects.at_work().filter(pk__in=able).order_by("slug")[:50])


@login_required
@require_safe
def index(request: Signed) -> HttpResponse:
    """Those that one sees, newest first."""
    started = Count("firings", filter=Q(firings__run__isnull=False))
    is_open = Count("firings", filter=Q(firings__run__isnull=False, firings__run__closed_at=None))
    found = Trigger.objects.visible_to(request.user).select_related("team")
    page = paging.page(
        found.annotate(started=started, open=is_open), "-pk", cursor=request.GET.get("cursor", "")
    )
    context = {
        "rows": [presenting.trigger_row(each) for each in page.rows],
        "pager": pager(request, page),
        "teams": teams_of(request.user),
        "crumbs": crumbs(),
        "section": "runs",
    }
    return render(request, "kb/triggers.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Signed) -> HttpResponse:
    """Set one up in one team: it begins switched off."""
    team = chosen(request.user, request.GET.get("team", ""))
    access.refuse(team, access.role_objections(request.user, "trigger.add", team))
    begun = {
        "playbook": request.GET.get("playbook", "PB-13")[:20],
        "about": request.GET.get("about", "")[:400],
    }
    form = TriggerForm(posted(request), team=team, initial=begun)
    made = form.sent(request, lambda **_: add(team, form, by=request.user))
    if made is not None:
        messages.success(
            request, "It is set up, and off: read what it would have started, then switch it on."
        )
        return redirect("kb:trigger", made.pk)
    context = {"team": team, "teams": teams_of(request.user), "form": form, "section": "runs"}
    context["crumbs"] = crumbs(below=True)
    return render(request, "kb/trigger_new.html", context, status=form.status)


def chosen(person: User, slug: str) -> Team:
    """The team that was asked for, as far as one sees its runs; else the first that one may set one up in."""
    seen = Team.objects.filter(pk__in=access.teams(person, "run.view"))
    found = seen.filter(slug=slug).first() if slug else next(iter(teams_of(person)), None) or seen.first()
    if found is None:
        raise Absent("You are in no team that runs playbooks.")
    return found


def add(team: Team, form: TriggerForm, *, by: User) -> Trigger:
    return actions.add_trigger(team, form.cleaned_data["playbook"], people=form.people, by=by, **form.cause)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: Signed, pk: int) -> HttpResponse:
    """One, with what it would have started and what it did; what is sent switches it."""
    trigger = find(request.user, pk)
    if request.method == "POST":
        return switch(request, trigger)
    newest = newest_of(request.user, trigger=trigger.pk)
    context: dict[str, Any] = {
        "row": presenting.trigger_row(trigger),
        "trigger": trigger,
        "people": presenting.people_of(trigger),
        "simulated": presenting.simulated(trigger, request.user),
        "firings": [presenting.firing_item(each) for each in newest[:FEW]],
        "more": len(newest) > FEW,
        "why_not_on": why_not(request.user, "trigger.switch_on", trigger),
        "why_not_off": why_not(request.user, "trigger.switch_off", trigger),
        "crumbs": crumbs(below=True),
        "section": "runs",
    }
    return render(request, "kb/trigger.html", context)


def switch(request: Signed, trigger: Trigger) -> HttpResponse:
    asked = request.POST.get("act", "")
    if asked not in DONE:
        raise Invalid("Say whether it is to be on or off.")
    does = actions.switch_on if asked == "on" else actions.switch_off
    does(trigger, by=request.user)
    messages.success(request, DONE[asked])
    return redirect("kb:trigger", trigger.pk)
