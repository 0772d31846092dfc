"""Jobs: what runs by the clock, how it went, and the buttons."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from governance import actions, paging, standing
from governance.forms import PauseForm, posted
from governance.models import JobRun, User
from governance.pages import Signed, why_not
from governance.schedule import Job
from governance.standing import Standing
from governance.views.parts import pager

# The state of a job or of one run: its colour, its shape, its word.
STATES = {
    "new": ("neutral", "neutral", "Not yet run"),
    "waiting": ("info", "neutral", "Waiting"),
    "running": ("info", "running", "Running"),
    "done": ("good", "good", "Done"),
    "failed": ("blocked", "blocked", "Failed"),
    "cut off": ("warn", "warn", "Cut off"),
    "skipped": ("neutral", "neutral", "Skipped"),
    "paused": ("warn", "clock", "Paused"),
    "overdue": ("blocked", "blocked", "Overdue"),
}


@login_required
@require_safe
def index(request: Signed) -> HttpResponse:
    found = standing.standings(standing.seen_by(request.user))
    rows = [{"stands": stands, **words(stands, request.user)} for stands in found]
    return render(request, "governance/jobs.html", {"rows": rows})


def words(stands: Standing, person: User) -> dict[str, Any]:
    last = stands.last
    return {"badge": STATES[stands.state], "told": standing.told(person, last) if last else ""}


@login_required
@require_safe
def show(request: Signed, name: str) -> HttpResponse:
    return page(request, standing.find(request.user, name), PauseForm(posted(request)))


def page(request: Signed, job: Job, form: PauseForm) -> HttpResponse:
    found = JobRun.objects.visible_to(request.user).of(job).select_related("asked_by")
    runs = paging.page(found, "-pk", cursor=request.GET.get("cursor", ""))
    stands = standing.standing(job)
    context = {
        "job": job,
        "stands": stands,
        "badge": STATES[stands.state],
        "rows": [row(run, request.user) for run in runs.rows],
        "form": form,
        "trouble": trouble(stands),
        "why_not": why_not(request.user, "job.run", job),
        "crumbs": [{"word": "Jobs", "href": reverse("governance:jobs")}],
        "pager": pager(request, runs),
    }
    return render(request, "governance/job.html", context, status=form.status)


def row(run: JobRun, person: User) -> dict[str, Any]:
    return {"run": run, "badge": STATES[run.state], "told": standing.told(person, run)}


def trouble(stands: Standing) -> str:
    if stands.trouble is None:
        return ""
    due = f"{stands.trouble.due_at:%d %B %Y, %H:%M}"
    return f"It was due on {due} UTC and has had no good end since. Administrators have been told."


# ------------------------------------------------------------------ buttons


@login_required
@require_POST
def run(request: Signed, name: str) -> HttpResponse:
    job = standing.find(request.user, name)
    actions.run_job(job, by=request.user)
    messages.success(request, f"{job.name} was asked to run: load the page again to see how it went.")
    return redirect("governance:job", job.name)


@login_required
@require_POST
def pause(request: Signed, name: str) -> HttpResponse:
    job = standing.find(request.user, name)
    form = PauseForm(posted(request))
    if form.sent(request, partial(actions.pause_job, job, by=request.user)) is None:
        return page(request, job, form)
    messages.success(request, f"{job.name} pauses until somebody resumes it.")
    return redirect("governance:job", job.name)


@login_required
@require_POST
def resume(request: Signed, name: str) -> HttpResponse:
    job = standing.find(request.user, name)
    actions.resume_job(job, by=request.user)
    messages.success(request, f"{job.name} runs by the clock again.")
    return redirect("governance:job", job.name)
