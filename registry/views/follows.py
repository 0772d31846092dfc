"""What one follows, and following it or not."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from governance import paging
from governance.pages import Signed
from governance.views.parts import pager
from registry import actions
from registry.models import Artifact, Follow
from registry.presenting.addresses import of_artifact
from registry.views.found import on_artifact


@require_safe
@login_required
def following(request: Signed) -> HttpResponse:
    found = Follow.objects.visible_to(request.user).select_related("artifact__team")
    page = paging.page(found.defer("artifact__search"), "-pk", cursor=request.GET.get("cursor", ""))
    context = {"follows": page.rows, "pager": pager(request, page)}
    return render(request, "registry/following.html", context)


@require_POST
@on_artifact
def follow(request: Signed, artifact: Artifact) -> HttpResponse:
    actions.follow(artifact, by=request.user)
    messages.success(request, f"You follow {artifact.name}: your inbox says what becomes of it.")
    return redirect(of_artifact(artifact))


@require_POST
@on_artifact
def unfollow(request: Signed, artifact: Artifact) -> HttpResponse:
    actions.unfollow(artifact, by=request.user)
    messages.success(request, f"You do not follow {artifact.name} any more.")
    return redirect(of_artifact(artifact))
