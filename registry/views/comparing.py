"""Two versions side by side."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from governance.errors import Absent, Invalid
from governance.pages import Signed
from registry.models import Artifact, Version
from registry.presenting import comparing
from registry.presenting.addresses import of_version
from registry.views.found import on_artifact, on_version

MOST_OFFERED = 100
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
def compare(request: Signed, version: Version, other: str) -> HttpResponse:
    by = request.user
    before = version.artifact.versions.visible_to(by).filter(number=other).first()
    if before is None:
        raise Absent(f"There is no version {other} of {version.artifact.name} that you may see.")
    before.artifact = version.artifact
    offered = version.artifact.versions.visible_to(by).order_by("-number").values_list("number", flat=True)
    context = {
        "version": version,
        "artifact": version.artifact,
        "section": version.artifact.plural,
        "found": comparing.compare(by, before, version),
        "offered": offered[:MOST_OFFERED],
    }
    return render(request, "registry/compare.html", context)
