"""What the columns of a dataset are: declared by people, because no byte tells it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from governance.forms import posted
from governance.pages import Signed
from registry import actions
from registry.forms.records import DeclarationForm
from registry.models import Artifact
from registry.presenting.addresses import of_artifact, of_version
from registry.views.found import offer, on_artifact


@on_artifact
def declare(request: Signed, artifact: Artifact) -> HttpResponse:
    by = request.user
    offer(request, "dataset.declare", artifact)
    form = DeclarationForm(posted(request), declaration=artifact.declarations.first())
    if form.sent(request, lambda **columns: actions.declare(artifact, by=by, **columns)):
        messages.success(request, "Declared. The newest versions are judged by it.")
        newest = artifact.versions.exclude(submitted_at=None).first()
        return redirect(of_version(newest, "profile") if newest else of_artifact(artifact))
    context = {"form": form, "artifact": artifact, "section": artifact.plural}
    return render(request, "registry/declaration.html", context, status=form.status)
