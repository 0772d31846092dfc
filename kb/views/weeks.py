"""One person's week of articles."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from governance.errors import Absent
from governance.pages import Signed
from kb import weekly
from kb.models import Week


@require_safe
@login_required
def week(request: Signed, pk: int) -> HttpResponse:
    """What happened in it, as far as one may see it now."""
    found = Week.objects.visible_to(request.user).filter(pk=pk).first()
    if found is None:
        raise Absent("There is no such week of yours.")
    context = {"week": found, "parts": weekly.parts(request.user, found.begins), "section": "articles"}
    return render(request, "kb/week.html", context)
