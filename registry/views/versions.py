"""Versions: begun, shown, frozen, checked again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from governance.forms import posted
from governance.models import User
from governance.once import one_look
from governance.pages import Signed
from registry import actions
from registry.forms.versions import ParentFormSet, UploadForm, VersionForm, parents
from registry.models import Artifact, Upload, Version
from registry.presenting import addresses
from registry.presenting import version as presenting
from registry.presenting.bom import bom as as_bom
from registry.presenting.decisions import aliases
from registry.sending import guarded
from registry.views.found import offer, on_artifact, on_version

MOST_OFFERED = 200
MOST_SENDING = 20


@on_artifact
def new_version(request: Signed, artifact: Artifact) -> HttpResponse:
    """What is said about it; its files come on its own page."""
    by = request.user
    offer(request, "version.add", artifact)
    typed = posted(request)
    form = VersionForm(typed)
    rows = ParentFormSet(typed, form_kwargs={"person": by}, prefix="parents")
    if request.method == "POST" and rows.is_valid():
        version = form.sent(
            request, lambda **said: actions.add_version(artifact, parents=parents(rows), by=by, **said)
        )
        if version is not None:
            return redirect(addresses.of_version(version))
    status = 400 if request.method == "POST" and form.status == 200 else form.status
    context = {
        "artifact": artifact,
        "form": form,
        "rows": rows,
        "offered": offered(by),
        "section": artifact.plural,
    }
    return render(request, "registry/version_new.html", context, status=status)


def offered(by: User) -> list[Version]:
    """The newest frozen versions that somebody may name as parents."""
    seen = Version.objects.visible_to(by).exclude(submitted_at=None).select_related("artifact__team")
    return list(seen.order_by("-submitted_at")[:MOST_OFFERED])


@require_safe
@on_version
@one_look
def version(request: Signed, version: Version) -> HttpResponse:
    context = {
        **presenting.page(request.user, version),
        "upload": UploadForm(posted(request)),
        "sending": sending(request.user, version),
    }
    return render(request, "registry/version.html", context)


def sending(by: User, version: Version) -> list[Upload]:
    """Files of a draft that came in part, and not as a whole in another way since."""
    if not version.is_draft:
        return []
    mine = Upload.objects.visible_to(by).filter(version=version, done="", received__gt=0)
    whole = version.files.filter(path=OuterRef("path"), blob__size=OuterRef("size"))
    return list(mine.exclude(Exists(whole))[:MOST_SENDING])


@require_safe
@on_version
def bom(request: Signed, version: Version) -> HttpResponseBase:
    """What it is made of, for tools that read CycloneDX."""
    name = f"{version.artifact.name}-{version.number}.cdx.json"
    return guarded(JsonResponse(as_bom(request.user, version)), name)


@require_safe
@on_version
@one_look
def live(request: Signed, version: Version) -> HttpResponseBase:
    """What changes by itself while checks run; it asks for itself again until they have ended."""
    context: dict[str, Any] = presenting.live(
        request.user, version, aliases(request.user, artifact=version.artifact_id)
    )
    return render(request, "registry/_live.html", {**context, "swapped": version.state != "checking"})


@require_POST
@on_version
def submit(request: Signed, version: Version) -> HttpResponse:
    actions.submit(version, by=request.user)
    messages.success(request, f"Version {version.number} is frozen and is being checked.")
    return redirect(addresses.of_version(version))


@require_POST
@on_version
def recheck(request: Signed, version: Version) -> HttpResponse:
    actions.recheck(version, by=request.user)
    messages.success(
        request, "It is checked again. What was found before counts until the new results are in."
    )
    return redirect(addresses.of_version(version))
