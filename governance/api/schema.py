"""The description of the API, and a page to read it on: from here alone, without inline script."""

from __future__ import annotations

import threading

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.module_loading import import_string
from django.views.decorators.http import require_safe

DESCRIBING = "governance.api.describing.made"
_making = threading.Lock()


@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3.1, as JSON (which is YAML, too)."""
    return HttpResponse(text(), content_type="application/json")


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The same for people. One who has signed in can try it out."""
    return render(request, "governance/docs.html")


def text() -> str:
    """It is the same for everybody, takes a second to make, and is made by one thread: the generator
    mixes up two that begin at once."""
    with _making:
        described: str = import_string(DESCRIBING)()
        return described
