"""Searching everything, and the keys: each a page, and a part of it for the dialog that a script opens."""

from __future__ import annotations

from collections import Counter

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from governance import access, searches
from governance.models import Team, User
from governance.pages import Signed
from kb import shortcuts as keys
from kb.searching import recent

ON_PAGE = 20
IN_DIALOG = 6
MOST_TEAMS = 100
MOST_LABELS = 12
MOST_OF_LABEL = 40  # characters


@login_required
@require_safe
def search(request: Signed) -> HttpResponse:
    """What one may see and do that has these words."""
    asked, dialog = request.GET.get("q", ""), bool(request.htmx)
    text = searches.words(asked)
    known = {each.kind for each in searches.kinds()}
    only = request.GET.get("kind", "")
    most = ON_PAGE if not dialog else IN_DIALOG
    teams = {} if dialog else own_teams(request.user)
    team = request.GET.get("team", "")
    label = "" if dialog else request.GET.get("label", "")[:MOST_OF_LABEL]
    only = only if only in known else ""
    groups = searches.search(request.user, text, most, only, teams.get(team), label)
    context = {
        "text": text,
        "asked": asked[: searches.MOST_CHARACTERS],
        "only": only,
        "kinds": searches.kinds(),
        "team": team if team in teams else "",
        "teams": list(teams) if len(teams) > 1 else [],
        "label": label,
        "labels": [] if label else labels_of(groups),
        "groups": groups,
        "dialog": dialog,
        "recent": [] if text else recent(request.user),
    }
    return render(request, "kb/_found.html" if dialog else "kb/search.html", context)


def labels_of(groups: list[searches.Group]) -> list[str]:
    """What of the labels of what is shown stands there most often."""
    counted = Counter(label for group in groups for hit in group.hits for label in hit.labels)
    return [label for label, _ in counted.most_common(MOST_LABELS)]


def own_teams(person: User) -> dict[str, int]:
    """Keys by slug of those whose things a person sees."""
    rows = Team.objects.filter(pk__in=access.teams(person, "article.view")).order_by("slug")
    return dict(rows.values_list("slug", "pk")[:MOST_TEAMS])


@login_required
@require_safe
def shortcuts(request: Signed) -> HttpResponse:
    part = "kb/_shortcuts.html" if request.htmx else "kb/shortcuts.html"
    return render(request, part, {"groups": keys.groups(request.user)})
