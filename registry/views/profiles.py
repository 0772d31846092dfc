"""The profile of a version's tables."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from governance.once import one_look
from governance.pages import Signed
from registry.models import Version
from registry.presenting import profiles
from registry.views.found import on_version


@require_safe
@on_version
@one_look
def profile(request: Signed, version: Version) -> HttpResponse:
    """What each table looks like; one at a time, a hundred columns at a time."""
    start = request.GET.get("from", "")
    asked = int(start) if start.isdecimal() and len(start) < 6 else 0
    against = request.GET.get("against", "")
    context = {
        "version": version,
        "artifact": version.artifact,
        "section": version.artifact.plural,
        **profiles.page(request.user, version, request.GET.get("path", ""), asked, against),
    }
    return render(request, "registry/profile.html", context)
