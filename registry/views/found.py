"""Pages about one artifact or one version: signed in, and it may be seen; else there is nothing there."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from governance import access
from governance.errors import Absent
from governance.pages import Signed
from registry.models import Artifact, Version
from registry.subjects import find_artifact, find_version

View = Callable[..., HttpResponseBase]


def on_artifact(view: View) -> View:
    """Call the view with the artifact instead of the parts of its address."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @login_required
    @wraps(view)
    def found(request: Signed, kind: str, team: str, name: str, **more: Any) -> HttpResponseBase:
        artifact: Artifact | None = find_artifact(request.user, kind=kind, team=team, name=name)
        if artifact is None:
            raise Absent(
                f"There is no {kind.removesuffix('s')} {name[:120]} of {team[:60]} that you may see."
            )
        return moved(request, artifact, name) or view(request, artifact, **more)

    return found


def on_version(view: View) -> View:
    """Call the view with the version instead of the parts of its address."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @login_required
    @wraps(view)
    def found(request: Signed, kind: str, team: str, name: str, number: str, **more: Any) -> HttpResponseBase:
        version: Version | None = find_version(request.user, kind=kind, team=team, name=name, number=number)
        if version is None:
            raise Absent(f"There is no version {number} of {name[:120]} that you may see.")
        return moved(request, version.artifact, name) or view(request, version, **more)

    return found


def moved(request: Signed, artifact: Artifact, name: str) -> HttpResponseBase | None:
    """The way from an old name to the new one. What is sent to the old one arrives. Nothing remembers the
    way: an artifact may be called as before again."""
    match = request.resolver_match
    if match is None or request.method == "POST" or name.lower() == artifact.name.lower():
        return None
    address = reverse(match.view_name, kwargs={**match.kwargs, "name": artifact.name})
    query = request.META.get("QUERY_STRING", "")
    answer = HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)
    answer["Cache-Control"] = "private, no-store"
    return answer


def offer(request: Signed, action: str, subject: object, **about: Any) -> None:
    """Do not show a form whose action would be refused. Sending it asks again, and is on the record."""
    if request.method != "POST":
        access.check(request.user, action, subject, **about)
