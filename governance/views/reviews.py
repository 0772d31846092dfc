"""The weekly review of a team: what may be cleaned up, and where."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from governance import access, reviewing
from governance.errors import Absent
from governance.models import Review, Team, User
from governance.pages import Signed
from governance.schedule import JOBS
from governance.sentences import page_of


@login_required
@require_safe
def show(request: Signed, slug: str) -> HttpResponse:
    team = readable(request.user, slug)
    review = Review.objects.visible_to(request.user).filter(team=team).first()
    context = {
        "team": team,
        "review": review,
        "kinds": [group(one) for one in reviewing.seen(review, request.user)] if review else [],
        "plan": JOBS["weekly_review"].plan.words,
        "section": "teams",
        "crumbs": [
            {"word": "Teams", "href": reverse("governance:teams")},
            {"word": team.slug, "href": reverse("governance:team", args=[team.slug])},
        ],
    }
    return render(request, "governance/review.html", context)


def readable(person: User, slug: str) -> Team:
    team = Team.objects.filter(slug=slug, pk__in=access.teams(person, "event.view")).first()
    if team is None:
        raise Absent(f"There is no review of {slug[:60]} that you may see.")
    return team


def group(one: dict[str, Any]) -> dict[str, Any]:
    """One kind of proposals, each with its address."""
    return {**one, "entries": [{**entry, "href": page_of(entry["label"])} for entry in one["entries"]]}
