"""The board of findings: what is to be done, by whom, until when; several at once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from governance import access, paging
from governance.forms import posted
from governance.keeping import Kept
from governance.pages import Signed
from governance.templatetags.words import counted
from governance.views.parts import pager, without
from registry import actions
from registry.forms.findings import TriageForm, WaiveAllForm
from registry.forms.lists import BoardFilter
from registry.models import Finding
from registry.presenting import board
from registry.presenting.sarif import as_sarif
from registry.sending import guarded

ORDERS = {"-severity": "-severity", "oldest": "opened_at", "newest": "-opened_at"}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: Signed) -> HttpResponse:
    by, typed = request.user, posted(request)
    waives = typed is not None and typed.get("act") == "waive"
    other = Kept.of(typed) if typed else None
    triage = TriageForm(other if waives else typed, person=by)
    waiving = WaiveAllForm(typed if waives else other)
    done = triage.sent(request, lambda **said: actions.triage(chosen(request), by=by, **said))
    waived = waiving.sent(request, lambda **said: actions.waive_all(chosen(request), by=by, **said))
    if done or waived:
        said = f"{counted(len(waived), 'finding')} waived." if waived else ""
        messages.success(request, said or f"{counted(len(done or []), 'finding')} changed.")
        return redirect(request.get_full_path())
    ticked = typed.getlist("findings")[:1000] if typed else []
    context = {**shown(request), "form": triage, "waiving": waiving, "waiving_now": waives, "chosen": ticked}
    return render(request, "registry/board.html", context, status=(waiving if waives else triage).status)


@login_required
@require_safe
def sarif(request: Signed) -> HttpResponseBase:
    """What the board shows, for a code host or an editor."""
    found = board.listed(request.user, BoardFilter(request.GET, person=request.user).active)
    return guarded(JsonResponse(as_sarif(found)), "findings.sarif")


@login_required
@require_safe
def json(request: Signed) -> HttpResponseBase:
    """What the board shows, for programs."""
    found = board.listed(request.user, BoardFilter(request.GET, person=request.user).active)
    return guarded(JsonResponse(board.as_json(found)), "findings.json")


def chosen(request: Signed) -> list[Finding]:
    """The ticked ones, as far as they may be seen."""
    keys = [key for key in request.POST.getlist("findings")[:1000] if key.isdecimal() and len(key) < 19]
    seen = Finding.objects.visible_to(request.user).filter(pk__in=keys)
    return list(seen.select_related("version__artifact__team", "version__added_by"))


def shown(request: Signed) -> dict[str, Any]:
    narrow = BoardFilter(request.GET, person=request.user)
    active = narrow.active
    order = paging.sorted_by(request.GET.get("sort", ""), ORDERS, "-severity")
    page, count = board.shown(request.user, active, ORDERS[order], request.GET.get("cursor", ""))
    return {
        "waives": bool(access.teams(request.user, "finding.waive")),
        "search": narrow["search"],
        "active": active,
        "filters": [
            {
                "field": narrow[name],
                "value": active.get(name, ""),
                "clear": without(request, name, "cursor") if name in active else "",
            }
            for name in narrow.fields
            if name != "search"
        ],
        "cards": board.cards(page.rows),
        "count": count,
        "pager": pager(request, page),
        "acts": bool(access.teams(request.user, "finding.triage")),
        "days": [(severity.label, days) for severity, days in board.SERVICE.items()],
    }
