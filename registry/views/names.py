"""The names that a team knows: added from a finding, listed, taken off."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from governance import access, paging
from governance.errors import Absent
from governance.forms import ConfirmForm, posted
from governance.pages import Signed, why_not
from governance.searching import searched
from governance.views.parts import pager
from registry import actions
from registry.forms.findings import NameForm
from registry.models import KnownName, Version
from registry.presenting.addresses import of_version
from registry.views.found import offer, on_version
from registry.views.gates import crumbs, find_team


@on_version
def add(request: Signed, version: Version, pk: int) -> HttpResponse:
    """Who may not is told why instead of being shown the form."""
    by, finding = request.user, version.findings.open().filter(pk=pk).first()
    if finding is None or not finding.can_be_known:
        raise Absent(f"Version {version.number} has no open finding {pk} of an unknown name.")
    offer(request, "name.add", version)
    form = NameForm(posted(request))
    if form.sent(request, lambda **said: actions.add_name(finding, by=by, **said)):
        messages.success(request, f"{version.team.slug} knows {finding.name} from now on.")
        return redirect(of_version(version))
    context = {
        "form": form,
        "section": version.artifact.plural,
        "finding": finding,
        "team": version.team,
        "title": f"Is {finding.name} your own?",
        "yes": "It is ours",
        "no": "Leave it unknown",
        "back": of_version(version),
    }
    return render(request, "registry/name_add.html", context, status=form.status)


@login_required
@require_safe
def index(request: Signed, slug: str) -> HttpResponse:
    team = find_team(request.user, slug)
    search = request.GET.get("search", "").strip()[:200]
    known = KnownName.objects.visible_to(request.user).filter(team=team).in_force()
    found = searched(known, ("name", "reason"), search).select_related("added_by")
    page = paging.page(found, "-pk", cursor=request.GET.get("cursor", ""))
    context = {
        "team": team,
        "section": "teams",
        "crumbs": crumbs(team),
        "search": search,
        "names": page.rows,
        "pager": pager(request, page),
        "why_not": why_not(request.user, "name.end", team),
    }
    return render(request, "registry/names.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: Signed, slug: str, pk: int) -> HttpResponse:
    team = find_team(request.user, slug)
    known = get_object_or_404(KnownName.objects.in_force().filter(team=team), pk=pk)
    if request.method != "POST":
        access.check(request.user, "name.end", team)
    form = ConfirmForm(posted(request))
    if form.sent(request, lambda **_: actions.end_name(known, by=request.user)) is not None:
        messages.success(request, f"{known.name} is unknown again.")
        return redirect("registry:names", slug)
    context = {
        "form": form,
        "section": "teams",
        "title": f"Forget {known.name}?",
        "text": "Every file of the team that uses it is held up again, at once. What is in use stays in use.",
        "yes": "Forget it",
        "no": "Keep it",
        "back": reverse("registry:names", args=[slug]),
        "danger": True,
    }
    return render(request, "_components/dialog.html", context, status=form.status)
