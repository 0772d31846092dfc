"""Confidential runs, of which others see only that they exist: asking to look into one, and deciding."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from governance import access
from governance.errors import Absent, Invalid
from governance.forms import posted
from governance.models import User
from governance.pages import Signed, why_not
from kb import actions
from kb.actions.run_parts import CONFIDENTIAL
from kb.models import Glass, Run
from kb.run_forms import GlassForm

MOST = 50
DONE = {
    "confirm": "They may read it for a day. Its parties were told.",
    "reject": "They may not read it.",
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Signed) -> HttpResponse:
    """For administrators and for those who may say yes."""
    by = request.user
    asks = access.administers(by)
    if not asks and not access.teams(by, "glass.confirm"):
        raise Absent("There is nothing here that you may see.")
    given = posted(request)
    if request.method == "POST" and request.POST.get("act") in DONE:
        return decide(request, request.POST["act"])
    form = GlassForm(given)
    if form.sent(
        request, lambda number, reason: actions.ask_glass(CONFIDENTIAL, number, reason=reason, by=by)
    ):
        messages.success(request, "It is asked. A steward of the team who is not named in it decides.")
        return redirect("kb:glass")
    seen = Glass.objects.visible_to(by).select_related("run__team", "asked_by", "opened_by", "refused_by")
    context = {
        "asks": asks,
        "form": form,
        "why_not_ask": why_not(by, "glass.ask", CONFIDENTIAL),
        "runs": list(there()) if asks else [],
        "rows": [row(each, by) for each in seen[:MOST]],
        "crumbs": [{"word": "Runs", "href": reverse("kb:runs")}],
        "section": "runs",
    }
    return render(request, "kb/glass.html", context, status=form.status)


def there() -> Any:
    """All that one sees of them: that they exist, and in which team."""
    rows = Run.objects.filter(confidential=True).select_related("team").order_by("-pk")
    return rows.only("pk", "team__slug", "closed_at")[:MOST]


def row(glass: Glass, by: User) -> dict[str, Any]:
    found: dict[str, Any] = {"glass": glass, "state": "neutral", "word": "Over"}
    if glass.refused_at:
        return {**found, "word": f"Not let in by {glass.refused_by}"}
    if glass.ends_at is None:
        return {**found, "state": "info", "word": "Waits", "waits": True,
                "why_not": why_not(by, "glass.confirm", glass)}  # fmt: skip
    if glass.ends_at > timezone.now():
        return {**found, "state": "warn", "word": f"Let in by {glass.opened_by}", "open": True}
    return found


def decide(request: Signed, act: str) -> HttpResponse:
    key = request.POST.get("glass", "")
    if not key.isdecimal() or len(key) > 17:
        raise Invalid("Say which request this is about.")
    seen = Glass.objects.visible_to(request.user).select_related("run__team", "asked_by")
    glass = seen.filter(pk=key).first()
    if glass is None:
        raise Absent("There is no such request that you may see.")
    does = actions.open_glass if act == "confirm" else actions.reject_glass
    does(glass, by=request.user)
    messages.success(request, DONE[act])
    return redirect("kb:glass")
