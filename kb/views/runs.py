"""Runs: the list, one of them, its steps, and what becomes of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from governance import paging
from governance.errors import Absent
from governance.forms import posted
from governance.models import User
from governance.pages import Signed
from governance.prepared import prepared
from governance.views.parts import pager
from kb import actions
from kb.models import PlaybookVersion, Run, RunPerson
from kb.playbooks import PLAYBOOKS, Playbook, read
from kb.presenting import runs as presenting
from kb.presenting.runs import closed_to
from kb.proving import StepNow, playbook_of, steps_of
from kb.run_forms import (
    STATES,
    AcceptForm,
    ChangeForm,
    CommentForm,
    HandOverForm,
    PutForm,
    RunFilter,
    WaiveStepForm,
    called,
    outside,
)

CHANGED = {"pause": "The run pauses.", "resume": "The run goes on.", "cancel": "The run is cancelled."}
FEW = 8


def find(person: User, pk: int) -> Run:
    for run in seen(person, key=pk):
        return run
    raise Absent("There is no such run that you may see.")


@prepared
def seen(person: User, *, key: Any) -> QuerySet[Run]:
    rows = Run.objects.visible_to(person).filter(pk=key).order_by()
    return rows.select_related("team", "playbook", "started_by")


def crumbs(run: Run | None = None) -> list[dict[str, str]]:
    found = [{"word": "Runs", "href": reverse("kb:runs")}]
    if run is not None:
        found.append({"word": f"Run {run.pk}", "href": reverse("kb:run", args=[run.pk])})
    return found


# ------------------------------------------------------------------ the list


@login_required
@require_safe
def index(request: Signed) -> HttpResponse:
    """The open ones, newest first, unless one asks for others."""
    form = RunFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    found = chosen(request.user, asked)
    page = paging.page(found, "-pk", cursor=request.GET.get("cursor", ""))
    context = {
        "rows": presenting.run_rows(page.rows, titles(page.rows)),
        "asked": asked,
        "states": STATES,
        "playbooks": sorted(PLAYBOOKS.values(), key=lambda each: each.code),
        "active": any(asked.values()),
        "count": paging.bounded_count(found),
        "pager": pager(request, page),
    }
    return render(request, "kb/runs.html", context)


def chosen(person: User, asked: dict[str, str]) -> QuerySet[Run]:
    found: QuerySet[Run] = Run.objects.visible_to(person).select_related("team", "playbook")
    found = found.defer("playbook__text")
    state = asked.get("state", "")
    if state in ("", "mine"):
        found = found.filter(closed_at=None)
    if state == "mine":
        found = found.filter(Exists(RunPerson.objects.filter(run=OuterRef("pk"), user=person.pk)))
    if state in ("done", "cancelled", "passed"):
        found = found.filter(outcome=state)
    if asked.get("playbook"):
        found = found.filter(playbook__code=asked["playbook"])
    return found.filter(team__slug=asked["team"]) if asked.get("team") else found


def titles(runs: list[Run]) -> dict[str, Playbook]:
    """The playbooks of these runs, by digest: each text is read once."""
    keys = {run.playbook_id for run in runs}
    rows = PlaybookVersion.objects.filter(pk__in=keys).values_list("digest", "text") if keys else ()
    return {digest: read(text) for digest, text in rows}


# ------------------------------------------------------------------ one run


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: Signed, pk: int) -> HttpResponse:
    """A run with its steps; what is sent here is a comment."""
    run = find(request.user, pk)
    form = CommentForm(posted(request))
    if form.sent(request, lambda text: actions.comment(run, text, by=request.user)):
        return redirect("kb:run", pk)
    playbook, steps = playbook_of(run), steps_of(run)
    rows = presenting.step_rows(run, steps, request.user)
    for row in rows:
        if row.current:
            row.forms.extend(put_forms(row.now))
    happened = presenting.happenings(run, playbook, request.user)
    context = {
        **told_of(run, playbook),
        "crumbs": crumbs(),
        "rows": rows,
        "progress": presenting.progress(steps),
        "people": presenting.people_of(run),
        "happened": happened[:FEW],
        "number": len(happened),
        "form": form,
        "why_not_comment": closed_to(request.user, run, "run.comment"),
    }
    return render(request, "kb/run.html", context, status=form.status)


def told_of(run: Run, playbook: Playbook) -> dict[str, Any]:
    """What every page of a run shows."""
    return {
        "run": run,
        "playbook": playbook,
        "badge": presenting.RUNS[run.state],
        "about": "" if run.confidential else run.subject,
        "section": "runs",
        "newer": newer(run),
    }


def newer(run: Run) -> bool:
    """Whether the shipped playbook has another text by now."""
    shipped = PLAYBOOKS.get(run.playbook.code)
    return run.playbook.team_id is None and shipped is not None and shipped.digest != run.playbook.digest


@login_required
@require_safe
def timeline(request: Signed, pk: int) -> HttpResponse:
    run = find(request.user, pk)
    playbook = playbook_of(run)
    context = {
        **told_of(run, playbook),
        "crumbs": crumbs(run),
        "happened": presenting.happenings(run, playbook, request.user),
    }
    return render(request, "kb/run_timeline.html", context)


# ------------------------------------------------------------------ a step


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: Signed, pk: int, key: str) -> HttpResponse:
    """A step, and what can be done about it."""
    run = find(request.user, pk)
    now = step_of(run, key)
    sent, waiving, status = act(request, run, now)
    if sent == "done":
        return redirect("kb:run", pk)
    row = presenting.step_rows(run, [now], request.user)[0]
    about = {"step": now}
    context = {
        **told_of(run, playbook_of(run)),
        "crumbs": crumbs(run),
        "row": row,
        "forms": sent if isinstance(sent, list) else put_forms(now),
        "waiving": waiving,
        "open": run.state == "open",
        "can_be_waived": run.state == "open" and not now.finished,
        "why_not_put": closed_to(request.user, run, "run.put", **about),
        "why_not_waive": closed_to(request.user, run, "run.waive", **about),
        "entries": [
            presenting.written(entry, {key: now.step.title})
            for entry in presenting.entries_of_step(request.user, run=run.pk, step=key)
        ],
    }
    return render(request, "kb/step.html", context, status=status)


def step_of(run: Run, key: str) -> StepNow:
    found = next((each for each in steps_of(run) if each.step.key == key), None)
    if found is None:
        raise Absent("This run has no such step.")
    return found


def put_forms(now: StepNow) -> list[PutForm]:
    """One for each piece of evidence that a person puts in and that is not there."""
    return [
        PutForm(need=proof.need, place=proof.place)
        for proof in now.proofs
        if proof.need.is_written and not proof.holds
    ]


def act(request: Signed, run: Run, now: StepNow) -> tuple[Any, WaiveStepForm, int]:
    """Do what was sent: `done`, or the forms with what is wrong."""
    by, key, waiving = request.user, now.step.key, WaiveStepForm()
    given = posted(request)
    if given is None:
        return None, waiving, 200
    name = given.get("act", "")
    if name == "waive":
        waiving = WaiveStepForm(given)
        made = waiving.sent(request, lambda act, **given: actions.waive_step(run, key, **given, by=by))
        return ("done" if made else None), waiving, waiving.status
    if name == "accept":
        accepting = AcceptForm(given)
        made = accepting.sent(request, lambda act, **given: actions.accept(run, key, **given, by=by))
        if made is None and accepting.problem is not None:
            raise accepting.problem
        return ("done" if made else None), waiving, accepting.status
    forms = [
        PutForm(given if given.get("need") == str(place) else None, need=need, place=place)
        for place, need in enumerate(now.step.needs)
        if need.is_written
    ]
    if request.method != "POST":
        return forms, waiving, 200
    bound = next((form for form in forms if form.is_bound), None)
    if bound is None:
        return None, waiving, 400
    made = bound.sent(request, lambda act, **given: actions.put(run, key, **given, by=by))
    return ("done" if made else forms), waiving, bound.status


# ------------------------------------------------------------------ the run as a whole


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Signed, pk: int) -> HttpResponse:
    """Pause it, let it go on, cancel it, or hand it over."""
    run, by = find(request.user, pk), request.user
    playbook = playbook_of(run)
    given = posted(request)
    handing = given is not None and given.get("act") == "hand-over"
    form = ChangeForm(None if handing else given)
    over = HandOverForm(given if handing else None, playbook=playbook)
    if over.sent(request, lambda act, role, people: hand_over(run, role, people, by)):
        messages.success(request, "It is handed over. Those who are new were told.")
        return redirect("kb:run", pk)
    if form.sent(request, lambda act, reason: changing(run, act, reason, by)):
        messages.success(request, CHANGED[form.cleaned_data["act"]])
        return redirect("kb:run", pk)
    context = {
        **told_of(run, playbook),
        "crumbs": crumbs(run),
        "form": form,
        "over": over,
        "people": presenting.people_of(run),
        "why_not": {name: closed_to(by, run, f"run.{name}") for name in ("pause", "resume", "cancel")},
        "why_not_hand_over": closed_to(by, run, "run.hand_over"),
    }
    status = over.status if handing else form.status
    return render(request, "kb/run_change.html", context, status=status)


def hand_over(run: Run, role: str, people: str, by: User) -> Run:
    named = called(run.team, people, anybody=outside(playbook_of(run), role))
    return actions.hand_over(run, role, named, by=by)


def changing(run: Run, name: str, reason: str, by: User) -> Run:
    if name == "resume":
        return actions.resume_run(run, by=by)
    does = actions.pause_run if name == "pause" else actions.cancel_run
    return does(run, reason=reason, by=by)
