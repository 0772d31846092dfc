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
from registry.quality import QUALITY


@login_required
@require_safe
def index(request: Signed) -> HttpResponse:
    rounds = checks.rounds()
    context = {"checks": checks.all_checks(), "quality": checks.all_quality(), "level": sandbox.level()}
    context |= {
        "missing": sandbox.too_open(),
        "rounds": rounds,
        "canaries": checks.sent(rounds[0] if rounds else None),
    }
    return render(request, "registry/checks.html", context)


@login_required
@require_safe
def show(request: Signed, name: str) -> HttpResponse:
    crumbs = [{"word": "Checks", "href": reverse("registry:checks")}]
    if name in QUALITY:
        check = QUALITY[name]
        by = request.user
        context = {"check": check, "limits": checks.limits(check, by), "crumbs": crumbs}
        context["teams"] = checks.of_teams(check, by)
        return render(request, "registry/check_of_quality.html", context)
    if name not in CHECKS:
        raise Absent("There is no check of this name.")
    context = {
        "check": checks.described(CHECKS[name]),
        "walls": sandbox.describe()["walls"].items(),
        "round": checks.newest_round(),
        "crumbs": crumbs,
    }
    return render(request, "registry/check.html", context)
