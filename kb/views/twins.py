"""Articles that say nearly the same: the pairs, and one of them side by side."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from governance import paging
from governance.errors import Absent
from governance.forms import ConfirmForm, posted
from governance.pages import Signed, why_not
from governance.views.parts import pager
from kb import actions
from kb.models import Twins
from kb.models.twins import TwinsQuerySet
from registry.presenting.comparing import lines


def seen(request: Signed) -> TwinsQuerySet:
    rows = Twins.objects.visible_to(request.user)
    return rows.select_related("one__team", "one__owner", "other__team", "other__owner", "apart_by")


@login_required
@require_safe
def index(request: Signed) -> HttpResponse:
    heavy = ("one__text", "one__search", "other__text", "other__search")
    apart = request.GET.get("show") == "apart"
    found = seen(request).defer(*heavy)
    found = found.exclude(apart_at=None) if apart else found.open()
    page = paging.page(found, "-pk", cursor=request.GET.get("cursor", ""))
    context = {"rows": page.rows, "pager": pager(request, page), "section": "articles"}
    return render(request, "kb/twins.html", {**context, "apart": apart})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def both(request: Signed, pk: int) -> HttpResponse:
    found = seen(request).defer("one__search", "other__search").filter(pk=pk).first()
    if found is None:
        raise Absent("There is no such pair of articles that you may see.")
    by, is_apart = request.user, found.apart_at is not None
    act = actions.pair_twins if is_apart else actions.part_twins
    form = ConfirmForm(posted(request))
    if form.sent(request, lambda: act(found, by=by)):
        said = (
            "They are listed as the same again." if is_apart else "They are not listed as the same any more."
        )
        messages.success(request, said)
        return redirect("kb:twins_both", pk=pk)
    closed = why_not(by, "twins.pair" if is_apart else "twins.part", found)
    context: dict[str, Any] = {"form": form, "closed": closed}
    context |= {"twins": found, "lines": lines(found.one.text, found.other.text), "section": "articles"}
    return render(request, "kb/twins_both.html", context, status=form.status)
