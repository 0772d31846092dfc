"""Articles that say nearly the same: the pairs, and one of them side by side."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from governance import paging
from governance.errors import Absent
from governance.pages import Signed
from governance.views.parts import pager
from kb.models import Twins
from kb.models.twins import TwinsQuerySet
from registry.presenting.comparing import lines


def seen(request: Signed) -> TwinsQuerySet:
    rows = Twins.objects.visible_to(request.user)
    return rows.select_related("one__team", "one__owner", "other__team", "other__owner")


@login_required
@require_safe
def index(request: Signed) -> HttpResponse:
    heavy = ("one__text", "one__search", "other__text", "other__search")
    page = paging.page(seen(request).defer(*heavy), "-pk", cursor=request.GET.get("cursor", ""))
    context = {"rows": page.rows, "pager": pager(request, page), "section": "articles"}
    return render(request, "kb/twins.html", context)


@login_required
@require_safe
def both(request: Signed, pk: int) -> HttpResponse:
    found = seen(request).defer("one__search", "other__search").filter(pk=pk).first()
    if found is None:
        raise Absent("There is no such pair of articles that you may see.")
    context = {"twins": found, "lines": lines(found.one.text, found.other.text), "section": "articles"}
    return render(request, "kb/twins_both.html", context)
