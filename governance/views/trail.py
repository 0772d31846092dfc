"""The trail: what happened and what was refused, as far as one may read it."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from governance import actions, exporting, paging, sentences, subjects
from governance.errors import Invalid
from governance.forms import TrailFilter
from governance.mentions import masked
from governance.models import Event, User
from governance.models.events import EventQuerySet, trails
from governance.pages import Signed
from governance.views.parts import pager, without


@login_required
@require_safe
def index(request: Signed) -> HttpResponse:
    teams = readable(request.user)
    form = TrailFilter(request.GET)
    active = form.active
    found = filtered(request.user, active) if form.is_valid() else Event.objects.none()
    page = paging.page(found, "-pk", cursor=request.GET.get("cursor", ""))
    context = {
        "form": form,
        "filters": filters(request, form, active),
        "active": active,
        "active_query": urlencode(active),
        "items": [item(event) for event in masked(request.user, page.rows)],
        "teams": teams,
        "pager": pager(request, page),
    }
    return render(request, "governance/trail.html", context, status=200 if form.is_valid() else 400)


@login_required
@require_POST
def export(request: Signed) -> StreamingHttpResponse:
    """What the filters in the address leave, as a file."""
    form, wanted = TrailFilter(request.GET), request.POST.get("form", "")
    if not form.is_valid() or wanted not in exporting.FORMS:
        raise Invalid(f"The trail is saved as {' or '.join(exporting.FORMS)}, by the filters of its page.")
    found = filtered(request.user, form.active)
    actions.export_trail(request.user, form=wanted, filters=form.active, by=request.user)
    kind = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl"}[wanted]
    answer = StreamingHttpResponse(exporting.lines(request.user, found, wanted), content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="trail.{wanted}"'
    return answer


def readable(person: User) -> list[str]:
    """The teams whose trail one reads, besides what one did oneself."""
    return trails(person)


def filtered(person: User, active: dict[str, str]) -> EventQuerySet:
    events = Event.objects.visible_to(person)
    if "subject" in active:
        events = events.about(*subjects.called(person, active["subject"].strip("/")))
    return events.filter(**{name: value for name, value in active.items() if name != "subject"})


def filters(request: Signed, form: TrailFilter, active: dict[str, str]) -> list[dict[str, Any]]:
    """Each filter with its field, its value, and the address without it."""
    return [
        {"field": form[name], "value": active.get(name, ""), "clear": without(request, name, "cursor")}
        for name in form.fields
    ]


def item(event: Event) -> dict[str, Any]:
    """One entry, with what was before and after as text."""
    shown = sentences.entry(event)
    return {**shown, "before": pretty(event.before), "after": pretty(event.after)}


def pretty(value: Any) -> str:
    return "" if value is None else json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True)
