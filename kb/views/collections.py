"""Collections of articles: a list, a new one, one of them with who reads and writes it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from governance import access, paging
from governance.errors import Absent, Denied
from governance.forms import posted
from governance.models import Team, User
from governance.pages import Signed
from governance.views.parts import pager
from kb import actions, reading
from kb.actions.collections import named
from kb.forms import CollectionForm, NewCollectionForm
from kb.labels import articles_of, find_collection
from kb.models import Collection, Watch
from kb.models.collections import MOST_PEOPLE
from kb.run_forms import called
from kb.views.articles import NO_TEAM, shown
from registry.views.found import offer

ASKED = ["GET", "HEAD", "POST"]


@require_safe
@login_required
def collections(request: Signed) -> HttpResponse:
    by = request.user
    rows = Collection.objects.visible_to(by).select_related("team")
    page = paging.page(rows, "title", cursor=request.GET.get("cursor", ""))
    context = {
        "rows": page.rows,
        "pager": pager(request, page),
        "closed": "" if access.teams(by, "collection.add") else NO_TEAM,
    }
    return shown(request, "kb/collections.html", context)


@require_http_methods(ASKED)
@login_required
def new_collection(request: Signed) -> HttpResponse:
    by = request.user
    form = NewCollectionForm(posted(request), person=by)
    if not (form.is_bound or form.offers):
        raise Denied(NO_TEAM)
    if made := form.sent(request, lambda **values: add(by, **values)):
        messages.success(request, f"{made.title} is there. Put articles into it where their owner is set.")
        return redirect(page_of(made))
    return shown(request, "kb/collection_new.html", {"form": form}, form.status)


def add(by: User, *, team: Team, **values: Any) -> Collection:
    return actions.add_collection(team, by=by, **with_people(team, values))


@require_safe
@login_required
def collection(request: Signed, team: str, slug: str) -> HttpResponse:
    """Its articles, and who reads and writes it."""
    by, found = request.user, found_collection(request.user, team, slug)
    rows = articles_of(by).filter(collection=found, archived_at=None)
    page = paging.page(rows, "title", cursor=request.GET.get("cursor", ""))
    people = named(found)
    context = {
        "collection": found,
        "rows": reading.rows(by, page.rows),
        "pager": pager(request, page),
        "readers": people[False],
        "writers": people[True],
        "watched": Watch.objects.filter(collection=found, person=by.pk).exists(),
        "edits": access.can(by, "collection.edit", found),
    }
    return shown(request, "kb/collection.html", context)


@require_http_methods(ASKED)
@login_required
def edit_collection(request: Signed, team: str, slug: str) -> HttpResponse:
    by, found = request.user, found_collection(request.user, team, slug)
    offer(request, "collection.edit", found)
    people = {
        name: " ".join(person.username for person in named(found)[writes])
        for name, writes in (("readers", False), ("writers", True))
    }
    now = {"title": found.title, "closed": found.closed, "guarded": found.guarded, **people}
    form = CollectionForm(posted(request), initial=now)
    if form.sent(request, lambda **values: edit(found, by, **values)):
        messages.success(request, "Changed.")
        return redirect(page_of(found))
    return shown(request, "kb/collection_edit.html", {"collection": found, "form": form}, form.status)


def edit(found: Collection, by: User, **values: Any) -> Collection:
    return actions.edit_collection(found, by=by, **with_people(found.team, values))


def with_people(team: Team, values: dict[str, Any]) -> dict[str, Any]:
    """The same with members instead of their names."""
    for field in {"readers", "writers"} & values.keys():
        values[field] = called(team, ",".join(values[field].split()), field, MOST_PEOPLE)
    return values


def found_collection(person: User, team: str, slug: str) -> Collection:
    found = find_collection(person, team=team, slug=slug)
    if found is None:
        raise Absent(f"There is no collection {slug[:60]} of {team[:60]} that you may see.")
    return found


def page_of(collection: Collection) -> str:
    return reverse("kb:collection", args=[collection.team.slug, collection.slug])
