"""Two versions side by side."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from governance.errors import Absent, Invalid
from governance.once import one_look
from governance.pages import Signed
from registry.models import Artifact, Version
from registry.presenting import comparing
from registry.presenting.addresses import of_version
from registry.views.found import on_artifact, on_version

TWO = "Choose two versions to compare."


@require_safe
@on_artifact
def choose(request: Signed, artifact: Artifact) -> HttpResponse:
    """Two numbers in the query lead to the page that compares them, the older one first."""
    asked = {text for text in request.GET.getlist("version") if text.isdecimal() and len(text) < 10}
    numbers = sorted(map(int, asked))
    if len(numbers) != 2:
        raise Invalid(TWO)
    newer = artifact.versions.visible_to(request.user).filter(number=numbers[1]).first()
    if newer is None:
        raise Absent(f"There is no version {numbers[1]} of {artifact.name} that you may see.")
    newer.artifact = artifact
    return redirect(of_version(newer, "compare", other=numbers[0]))


@require_safe
@on_version
@one_look
def compare(request: Signed, version: Version, other: str) -> HttpResponse:
    by = request.user
    before = comparing.numbered(by, version.artifact, other)
    if before is None:
        raise Absent(f"There is no version {other} of {version.artifact.name} that you may see.")
    context = {
        "version": version,
        "artifact": version.artifact,
        "section": version.artifact.plural,
        "found": comparing.compare(by, before, version),
        "offered": comparing.offered(by, artifact=version.artifact_id),
    }
    return render(request, "registry/compare.html", context)
