"""The bin of a team: what was deleted, for how long it can be had back, and the way into it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from governance import access, paging
from governance.errors import Absent, Invalid
from governance.forms import ConfirmForm, posted
from governance.models import Team, User
from governance.pages import Signed
from governance.searching import MOST_WORDS, searched
from governance.views.parts import pager
from registry import actions
from registry.models import Artifact, Deletion, Version
from registry.models.bin import KEPT
from registry.presenting.addresses import of_artifact, of_version
from registry.views.dialogs import ask
from registry.views.found import offer, on_artifact, on_version

FOUND_BY = ("artifact__name", "version__artifact__name", "by__username")


def find_team(person: User, slug: str) -> Team:
    team = Team.objects.filter(slug=slug, pk__in=access.teams(person, "artifact.restore")).first()
    if team is None:
        raise Absent(f"There is no bin of {slug[:60]} that you may see.")
    return team


def find_deletion(person: User, slug: str, pk: int) -> Deletion:
    seen = Deletion.objects.visible_to(person).with_things()
    deletion = seen.filter(team=find_team(person, slug), pk=pk).first()
    if deletion is None:
        raise Absent("There is nothing like this in the bin that you may have back.")
    return deletion


@login_required
@require_safe
def show(request: Signed, slug: str) -> HttpResponse:
    by, team, words = request.user, find_team(request.user, slug), request.GET.get("search", "")
    if len(words) > 200 or "\0" in words or len(words.split()) > MOST_WORDS:
        raise Invalid(f"Search for at most {MOST_WORDS} words.")
    seen = Deletion.objects.visible_to(by).filter(team=team)
    page = paging.page(searched(seen, FOUND_BY, words).with_things(), "-pk", cursor=cursor(request))
    context = {
        "team": team,
        "section": "teams",
        "crumbs": [
            {"word": "Teams", "href": reverse("governance:teams")},
            {"word": team.slug, "href": reverse("governance:team", args=[team.slug])},
        ],
        "days": KEPT.days,
        "search": words,
        "rows": page.rows,
        "pager": pager(request, page),
    }
    return render(request, "registry/bin.html", context)


def cursor(request: Signed) -> str:
    return request.GET.get("cursor", "")


@login_required
@require_POST
def restore(request: Signed, slug: str, pk: int) -> HttpResponse:
    thing = actions.restore(find_deletion(request.user, slug, pk), by=request.user)
    messages.success(request, f"{thing} is back.")
    return redirect(of_version(thing) if isinstance(thing, Version) else of_artifact(thing))


# ------------------------------------------------------------------ into it


@on_artifact
def delete_artifact(request: Signed, artifact: Artifact) -> HttpResponse:
    by = request.user
    offer(request, "artifact.delete", artifact)
    form = ConfirmForm(posted(request))
    if deletion := form.sent(request, lambda: actions.delete_artifact(artifact, by=by)):
        return to_bin(request, deletion)
    words: dict[str, Any] = {
        "title": f"Delete {artifact.name}?",
        "text": f"With all its versions it goes into the bin of {artifact.team.slug}, from which it can be "
        f"had back for {KEPT.days} days. Then it is gone for good. Its name stays taken until then.",
        "yes": f"Delete {artifact.name}",
        "no": "Keep it",
        "danger": True,
    }
    return ask(request, artifact, form, **words)


@on_version
def delete_draft(request: Signed, version: Version) -> HttpResponse:
    by = request.user
    offer(request, "version.delete", version)
    form = ConfirmForm(posted(request))
    if deletion := form.sent(request, lambda: actions.delete_draft(version, by=by)):
        return to_bin(request, deletion)
    words: dict[str, Any] = {
        "title": f"Delete the draft {version}?",
        "text": f"It goes into the bin of {version.team.slug}, from which it can be had back for "
        f"{KEPT.days} days. Then it is gone for good.",
        "yes": f"Delete draft {version.number}",
        "no": "Keep it",
        "back": of_version(version),
        "danger": True,
    }
    return ask(request, version.artifact, form, **words)


def to_bin(request: Signed, deletion: Deletion) -> HttpResponse:
    messages.success(request, f"{deletion.thing} lies in the bin. It can be had back for {KEPT.days} days.")
    return redirect("registry:bin", deletion.team.slug)
