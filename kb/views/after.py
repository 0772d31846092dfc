"""What follows a run: its retrospective, follow-ups, and how often it came back."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from governance.forms import posted
from governance.models import User
from governance.pages import Signed, why_not
from kb import actions
from kb.models import FollowUp, Run
from kb.presenting.runs import closed_to
from kb.proving import playbook_of
from kb.reading import backlinks
from kb.retrospects import repeats, slug_of
from kb.run_forms import FollowUpForm, one_called
from kb.views.runs import crumbs, find, told_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def after(request: Signed, pk: int) -> HttpResponse:
    """What is sent asks for a follow-up, says that one is done, or begins the retrospective."""
    run, by = find(request.user, pk), request.user
    given = posted(request)
    act = given.get("act", "") if given is not None else ""
    if request.method == "POST" and act in ("done", "retrospective"):
        return done(request, run, act)
    form = FollowUpForm(given)
    if form.sent(request, partial(add, run, by)):
        messages.success(request, "It is written down. Who does it was told.")
        return redirect("kb:run_after", pk)
    articles = [] if run.confidential else backlinks(by, run.label)
    context: dict[str, Any] = {
        **told_of(run, playbook_of(run)),
        "crumbs": crumbs(run),
        "form": form,
        "rows": [row(each) for each in run.follow_ups.select_related("owner", "done_by")],
        "articles": articles,
        "has_own": any(each.slug == slug_of(run) for each in articles),
        "repeats": repeats(run) if run.closed_at and not run.confidential else None,
        "why_not_ask": closed_to(by, run, "run.follow_up"),
        "why_not_done": closed_to(by, run, "run.followed_up"),
        "why_not_write": why_not(by, "article.add", run.team),
    }
    return render(request, "kb/run_after.html", context, status=form.status)


def row(found: FollowUp) -> dict[str, Any]:
    late = found.done_at is None and found.due_on < timezone.now().date()
    state = "good" if found.done_at else "warn" if late else "info"
    return {"follow_up": found, "state": state, "icon": "good" if found.done_at else "clock", "late": late}


def add(run: Run, by: User, *, act: str, text: str, owner: str, due_on: Any) -> FollowUp:
    person = one_called(run.team, owner, "owner", anybody=run.confidential)
    return actions.add_follow_up(run, text, owner=person, due_on=due_on, by=by)


def done(request: Signed, run: Run, act: str) -> HttpResponse:
    if act == "retrospective":
        article = actions.write_retrospective(run, by=request.user)
        messages.success(request, "Its retrospective is begun: write what was learned.")
        return redirect(reverse("kb:article_edit", args=[run.team.slug, article.slug]))
    key = request.POST.get("follow_up", "")
    actions.settle_follow_up(run, int(key) if key.isdecimal() and len(key) < 18 else 0, by=request.user)
    messages.success(request, "It is done.")
    return redirect("kb:run_after", run.pk)
