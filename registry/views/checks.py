"""Pages of the checks themselves, for everybody who wants to know why a file was judged so."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from governance.errors import Absent
from governance.pages import Signed
from registry import sandbox
from registry.checks import CHECKS
from registry.presenting import checks


@login_required
@require_safe
def index(request: Signed) -> HttpResponse:
    return render(request, "registry/checks.html", {"checks": checks.all_checks(), "level": sandbox.level()})


@login_required
@require_safe
def show(request: Signed, name: str) -> HttpResponse:
    if name not in CHECKS:
        raise Absent("There is no check of this name.")
    context = {
        "check": checks.described(CHECKS[name]),
        "walls": sandbox.describe()["walls"].items(),
        "round": checks.newest_round(),
        "crumbs": [{"word": "Checks", "href": reverse("registry:checks")}],
    }
    return render(request, "registry/check.html", context)
