"""Versions are withdrawn from use and reinstated, each with a reason."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from governance.forms import posted
from governance.pages import Signed
from registry import actions
from registry.actions.withdrawing import protecting
from registry.forms.asking import ReasonForm
from registry.forms.versions import WithdrawForm
from registry.models import Version
from registry.policies.withdrawn import sentence
from registry.presenting.addresses import of_version
from registry.views.dialogs import ask
from registry.views.found import offer, on_version


@on_version
def withdraw(request: Signed, version: Version) -> HttpResponse:
    by = request.user
    offer(request, "version.withdraw", version)
    form = WithdrawForm(posted(request), held=protecting(version))
    if form.sent(request, lambda **said: actions.withdraw(version, by=by, **said)):
        messages.success(request, f"Version {version.number} is withdrawn. Whom it concerns was told.")
        return redirect(of_version(version))
    words = {
        "title": f"Withdraw {version}?",
        "text": "Nobody can fetch it afterwards but its author and stewards, knowingly, and no alias can be "
        "pointed at it. Its files stay. Only another steward can reinstate it.",
        "yes": f"Withdraw {version.number}",
        "no": "Keep it",
        "back": of_version(version),
        "danger": True,
    }
    return ask(request, version.artifact, form, **words)


@on_version
def reinstate(request: Signed, version: Version) -> HttpResponse:
    by = request.user
    offer(request, "version.reinstate", version)
    form = ReasonForm(posted(request))
    if form.sent(request, lambda reason: actions.reinstate(version, reason=reason, by=by)):
        messages.success(request, f"Version {version.number} may be used again.")
        return redirect(of_version(version))
    said = sentence(version) if version.withdrawn_at else "It is not withdrawn."
    words = {
        "title": f"Reinstate {version}?",
        "text": f"{said} Aliases that point at it lead to it again.",
        "yes": f"Reinstate {version.number}",
        "back": of_version(version),
        "danger": True,
    }
    return ask(request, version.artifact, form, **words)
