"""The card of a version, as a page and as a file."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from governance.once import one_look
from governance.pages import Signed
from registry.models import Version
from registry.presenting.cards import body, card
from registry.sending import guarded
from registry.views.found import on_version


@require_safe
@on_version
@one_look
def show(request: Signed, version: Version) -> HttpResponse:
    context = {
        "version": version,
        "artifact": version.artifact,
        "section": version.artifact.plural,
        "text": body(card(request.user, version)),
    }
    return render(request, "registry/card.html", context)


@require_safe
@on_version
@one_look
def save(request: Signed, version: Version) -> HttpResponseBase:
    """With its front matter, for a repository of files."""
    answer = HttpResponse(card(request.user, version), content_type="text/markdown; charset=utf-8")
    return guarded(answer, f"{version.artifact.name}-{version.number}.md")
