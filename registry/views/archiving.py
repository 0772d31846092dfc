"""Artifacts are archived and taken out again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from governance.forms import ConfirmForm, posted
from governance.pages import Signed
from registry import actions
from registry.models import Artifact
from registry.presenting.addresses import of_artifact
from registry.views.dialogs import ask
from registry.views.found import offer, on_artifact


@on_artifact
def archive(request: Signed, artifact: Artifact) -> HttpResponse:
    by = request.user
    offer(request, "artifact.archive", artifact)
    form = ConfirmForm(posted(request))
    if form.sent(request, lambda: actions.archive(artifact, by=by)):
        messages.success(request, f"{artifact.name} is archived.")
        return redirect(of_artifact(artifact))
    words = {
        "title": f"Archive {artifact.name}?",
        "text": "No new version comes and none is promoted. What is in use stays in use, and going back "
        "stays possible. Lists show it only when one asks for what is archived. It can be taken out again.",
        "yes": "Archive it",
    }
    return ask(request, artifact, form, **words)


@on_artifact
def unarchive(request: Signed, artifact: Artifact) -> HttpResponse:
    by = request.user
    offer(request, "artifact.unarchive", artifact)
    form = ConfirmForm(posted(request))
    if form.sent(request, lambda: actions.unarchive(artifact, by=by)):
        messages.success(request, f"{artifact.name} is out of the archive.")
        return redirect(of_artifact(artifact))
    words = {
        "title": f"Take {artifact.name} out of the archive?",
        "text": "New versions may come then, and lists show it again.",
        "yes": "Take it out",
    }
    return ask(request, artifact, form, **words)
