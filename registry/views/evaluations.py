"""What is declared of how a model does."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from governance.errors import Absent
from governance.once import one_look
from governance.pages import Signed
from registry.models import Kind, Version
from registry.presenting import evaluations as presenting
from registry.views.found import on_version


@require_safe
@on_version
@one_look
def evaluations(request: Signed, version: Version) -> HttpResponse:
    """Evaluations, folds, what is judged of them, and other versions on the same data."""
    if version.artifact.kind != Kind.MODEL:
        raise Absent(f"{version.artifact.name} is no model: only a model is evaluated.")
    context = {
        "version": version,
        "artifact": version.artifact,
        "section": version.artifact.plural,
        **presenting.page(request.user, version),
    }
    return render(request, "registry/evaluations.html", context)
