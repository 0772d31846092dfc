"""An artifact gets another name."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from governance.forms import posted
from governance.pages import Signed
from registry import actions
from registry.forms.artifacts import RenameForm
from registry.models import Artifact
from registry.presenting.addresses import of_artifact
from registry.views.dialogs import ask
from registry.views.found import offer, on_artifact


@on_artifact
def rename(request: Signed, artifact: Artifact) -> HttpResponse:
    by, was = request.user, artifact.name
    offer(request, "artifact.rename", artifact)
    form = RenameForm(posted(request), initial={"name": was})
    renamed = form.sent(request, lambda name: actions.rename(artifact, name, by=by))
    if renamed:
        messages.success(request, f"{was} is called {renamed.name} now. The old name leads here.")
        return redirect(of_artifact(renamed))
    words = {
        "title": f"Rename {was}?",
        "text": "Addresses, programs and requests with the old name go on: it leads to the new one, and "
        "nothing else gets it. What happened so far stands under the old name.",
        "yes": "Rename it",
    }
    return ask(request, artifact, form, **words)
