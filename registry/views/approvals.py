"""Asking for an approval of a version. Deciding on it is a page of governance."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from governance.actions import request_approval
from governance.errors import Absent
from governance.forms import posted
from governance.pages import Signed
from registry.forms.asking import AskForm
from registry.models import Version
from registry.models.gates import gates_of
from registry.presenting.addresses import of_version
from registry.views.found import offer, on_version

TERMS = (
    "A steward who is neither its author nor you decides. The approval binds the files, the open findings, "
    "the waivers and the rules as they are now: a change of any of them makes it void."
)


@on_version
def ask(request: Signed, version: Version, alias: str) -> HttpResponse:
    if alias not in gates_of(version.team):
        raise Absent(f"{alias[:60]} has no gate: nothing is approved for it.")
    by = request.user
    offer(request, "approval.request", version, alias=alias)
    form = AskForm(posted(request))
    approval = form.sent(request, lambda note: request_approval(version.label, alias=alias, note=note, by=by))
    if approval is not None:
        messages.success(request, f"Approval {approval.pk} is asked for.")
        return redirect(reverse("governance:approval", args=[approval.pk]))
    context = {
        "form": form,
        "section": version.artifact.plural,
        "title": f"Ask for an approval of {version.artifact.name} {version.number} for {alias}?",
        "text": TERMS,
        "yes": "Ask for approval",
        "no": "Not now",
        "back": of_version(version),
    }
    return render(request, "_components/dialog.html", context, status=form.status)
