"""Findings of a version: all of them, and accepting one for a while."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from governance import access, paging
from governance.errors import Absent
from governance.forms import posted
from governance.once import one_look
from governance.pages import Signed
from governance.views.parts import pager
from registry import actions
from registry.forms.findings import WaiverForm
from registry.models import Version
from registry.presenting import contents
from registry.presenting.addresses import of_version
from registry.presenting.objecting import to_person
from registry.views.found import offer, on_version


@require_safe
@on_version
@one_look
def findings(request: Signed, version: Version) -> HttpResponse:
    """The open ones, the worst first."""
    cursor = request.GET.get("cursor", "")
    no = to_person(access.objections(request.user, "finding.waive", version))
    page = contents.findings_page(version, cursor)
    context = {
        "version": version,
        "artifact": version.artifact,
        "section": version.artifact.plural,
        "findings": contents.finding_rows(request.user, version, page.rows, no),
        "pager": pager(request, page),
        "count": paging.bounded(len(contents.how_many(version=version.pk))),
        "closed": version.findings.exclude(closed_at=None).count(),
    }
    return render(request, "registry/findings.html", context)


@on_version
def waive(request: Signed, version: Version, pk: int) -> HttpResponse:
    """Who may not is told why instead of being shown the form."""
    by, finding = request.user, version.findings.open().filter(pk=pk).first()
    if finding is None:
        raise Absent(f"Version {version.number} has no open finding {pk}.")
    offer(request, "finding.waive", version, finding=finding)
    form = WaiverForm(posted(request), finding=finding)
    if form.sent(request, lambda **terms: actions.waive(finding, by=by, **terms)):
        messages.success(
            request, f"Finding {finding.pk} is waived. Requests that were open about it are void."
        )
        return redirect(of_version(version))
    context = {
        "form": form,
        "section": version.artifact.plural,
        "version": version,
        "finding": finding,
        "title": f"Waive finding {finding.pk}?",
        "yes": "Waive it",
        "no": "Keep it open",
        "back": of_version(version),
    }
    return render(request, "registry/waive.html", context, status=form.status)
