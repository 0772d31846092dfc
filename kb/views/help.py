"""Help: what every word, state, role, rule and check means, as the code says it, and how to go on."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from governance import glossary
from governance.pages import Signed


@login_required
@require_safe
def index(request: Signed) -> HttpResponse:
    groups = [
        {
            "key": key,
            "title": title,
            "entries": [(glossary.anchor(key, word), word, said) for word, said in words.items()],
        }
        for key, (title, words) in glossary.GROUPS.items()
    ]
    return render(request, "kb/help.html", {"groups": groups})
