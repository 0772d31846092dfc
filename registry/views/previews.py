"""What is in a file, without fetching it."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from django.shortcuts import render

from governance.pages import Signed
from registry import actions, previewing
from registry.models import Version
from registry.presenting import contents, previews
from registry.views.files import asks_first, before_download
from registry.views.found import on_version


@on_version
def preview(request: Signed, version: Version, path: str) -> HttpResponseBase:
    """The right is the one to fetch it, and so is the question before something dangerous."""
    by, knows = request.user, request.method == "POST"
    if not knows and asks_first(by, version):
        return before_download(request, version, path, page="preview")
    file = actions.preview(version, path, acknowledged=knows, by=by)
    [row] = contents.file_rows(version, [file])
    context = {
        "version": version,
        "artifact": version.artifact,
        "section": version.artifact.plural,
        "file": row,
        "parts": [previews.part(each) for each in previewing.made(file)],
    }
    return render(request, "registry/preview.html", context)
