"""Models, datasets and assets: lists, and the page of one."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from governance import access, paging, roles
from governance.errors import Denied
from governance.forms import posted
from governance.models import Team, User
from governance.pages import Signed
from governance.views.parts import pager, without
from registry import actions
from registry.forms.artifacts import LICENCES, EditArtifactForm, NewArtifactForm
from registry.forms.lists import ChosenForm, ListFilter
from registry.models import KINDS, Artifact, Kind
from registry.presenting import addresses, listing
from registry.presenting import artifact as presenting
from registry.views import several
from registry.views.found import offer, on_artifact

NO_TEAM = f"It takes a team in which you are {' or '.join(roles.allowing('artifact.add'))}."


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def artifacts(request: Signed, kind: str) -> HttpResponse:
    """A list: what of it is shown and how it is sorted stands in the address. What is sent is done to those
    that were ticked; when it is refused they stay ticked."""
    typed = posted(request)
    form = ChosenForm(typed)
    done = form.sent(request, partial(several.done, request, KINDS[kind]))
    if done:
        messages.success(request, done)
        return redirect(request.get_full_path())
    ticked = several.ticked(typed.getlist("artifact")) if typed else set()
    context = {**listed(request, KINDS[kind]), "form": form, "ticked": ticked}
    return render(request, "registry/artifacts.html", context, status=form.status)


def listed(request: Signed, kind: Kind) -> dict[str, Any]:
    by, form = request.user, ListFilter(request.GET, person=request.user)
    order = paging.sorted_by(request.GET.get("sort", ""), listing.ORDERS, "-changed")
    active = form.active
    cursor = request.GET.get("cursor", "")
    page, count = listing.page_and_count(by, kind, active, listing.ORDERS[order], cursor=cursor)
    return {
        "kind": kind,
        "search": form["search"],
        "active": active,
        "filters": filters(request, form, active),
        "rows": listing.rows(by, page.rows),
        "count": count,
        "pager": pager(request, page),
        "closed": "" if access.teams(by, "artifact.add") else NO_TEAM,
    }


def filters(request: Signed, form: ListFilter, active: dict[str, str]) -> list[dict[str, Any]]:
    """Each filter but the search: its field, and of one that is set its value and the address without it."""
    return [filtered(request, form, name, active.get(name, "")) for name in form.fields if name != "search"]


def filtered(request: Signed, form: ListFilter, name: str, value: str) -> dict[str, Any]:
    clear = without(request, name, "cursor") if value else ""
    return {"field": form[name], "value": value, "clear": clear}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new_artifact(request: Signed, kind: str) -> HttpResponse:
    by = request.user
    form = NewArtifactForm(posted(request), person=by, initial={"team": request.GET.get("team", "")})
    if not (form.is_bound or form.offers):
        raise Denied(NO_TEAM)
    artifact = form.sent(request, partial(add, KINDS[kind], by))
    if artifact is not None:
        messages.success(request, f"{artifact.name} is made. Push its first version.")
        return redirect(addresses.of_artifact(artifact))
    context = {"form": form, "kind": KINDS[kind], "licences": LICENCES, "section": kind}
    return render(request, "registry/artifact_new.html", context, status=form.status)


def add(kind: Kind, by: User, *, team: Team, **described: Any) -> Artifact:
    return actions.add_artifact(team, kind=kind, by=by, **described)


@require_safe
@on_artifact
def artifact(request: Signed, artifact: Artifact) -> HttpResponse:
    server = request.build_absolute_uri("/").rstrip("/")
    context = presenting.page(request.user, artifact, server, request.GET.get("cursor", ""))
    return render(request, "registry/artifact.html", {**context, "pager": pager(request, context["page"])})


@on_artifact
def edit_artifact(request: Signed, artifact: Artifact) -> HttpResponse:
    by = request.user
    offer(request, "artifact.edit", artifact)
    form = EditArtifactForm(posted(request), artifact=artifact)
    if form.sent(request, lambda **values: actions.edit_artifact(artifact, by=by, **values)):
        messages.success(request, "Changed.")
        return redirect(addresses.of_artifact(artifact))
    context = {
        "form": form,
        "artifact": artifact,
        "licences": LICENCES,
        "section": artifact.plural,
    }
    return render(request, "registry/artifact_edit.html", context, status=form.status)
