"""Searching everything, and the keys: each a page, and a part of it for the dialog that a script opens."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from governance import searches
from governance.pages import Signed
from kb import shortcuts as keys
from kb.searching import recent

ON_PAGE = 20
IN_DIALOG = 6


@login_required
@require_safe
def search(request: Signed) -> HttpResponse:
    """What one may see and do that has these words."""
    asked, dialog = request.GET.get("q", ""), bool(request.htmx)
    text = searches.words(asked)
    known = {each.kind for each in searches.kinds()}
    only = request.GET.get("kind", "")
    most = ON_PAGE if not dialog else IN_DIALOG
    groups = searches.search(request.user, text, most, only if only in known else "")
    context = {
        "text": text,
        "asked": asked[: searches.MOST_CHARACTERS],
        "only": only if only in known else "",
        "kinds": searches.kinds(),
        "groups": groups,
        "dialog": dialog,
        "recent": [] if text else recent(request.user),
    }
    return render(request, "kb/_found.html" if dialog else "kb/search.html", context)


@login_required
@require_safe
def shortcuts(request: Signed) -> HttpResponse:
    part = "kb/_shortcuts.html" if request.htmx else "kb/shortcuts.html"
    return render(request, part, {"groups": keys.groups(request.user)})
