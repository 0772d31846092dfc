"""Legal holds at pages: set and released, each with a reason."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from governance.forms import posted
from governance.pages import Signed
from registry import actions
from registry.forms.asking import ReasonForm
from registry.models import Artifact
from registry.presenting.addresses import of_artifact
from registry.views.dialogs import ask
from registry.views.found import offer, on_artifact


@on_artifact
def hold(request: Signed, artifact: Artifact) -> HttpResponse:
    by = request.user
    offer(request, "artifact.hold", artifact)
    form = ReasonForm(posted(request))
    if form.sent(request, lambda reason: actions.hold(artifact, reason=reason, by=by)):
        messages.success(request, f"{artifact.name} is on legal hold.")
        return redirect(of_artifact(artifact))
    words = {
        "title": f"Put {artifact.name} on legal hold?",
        "text": "From then on nothing of it can be deleted, by nobody and no job. It stays in use, and new "
        "versions may come. Only another steward can release it.",
        "yes": "Put it on hold",
    }
    return ask(request, artifact, form, **words)


@on_artifact
def release_hold(request: Signed, artifact: Artifact) -> HttpResponse:
    by = request.user
    offer(request, "artifact.release_hold", artifact)
    form = ReasonForm(posted(request))
    if form.sent(request, lambda reason: actions.release_hold(artifact, reason=reason, by=by)):
        messages.success(request, f"{artifact.name} is not on legal hold any more.")
        return redirect(of_artifact(artifact))
    words = {
        "title": f"Release the legal hold of {artifact.name}?",
        "text": f"It was set for this: “{artifact.held_reason}” Then what is not in use can be deleted.",
        "yes": "Release it",
        "danger": True,
    }
    return ask(request, artifact, form, **words)
