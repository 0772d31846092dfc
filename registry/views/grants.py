"""Who may read a dataset: restricted and opened, asked for, decided, ended; and who could on a day."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from governance import paging
from governance.errors import Absent
from governance.forms import Form, posted
from governance.models import User
from governance.pages import Signed, why_not
from governance.views.parts import pager
from registry import actions, reading
from registry.forms.asking import AskToReadForm, DayForm, EndGrantForm, GrantDecisionForm, ReasonForm
from registry.models import Artifact, Grant
from registry.presenting import grants as presenting
from registry.presenting.addresses import of_artifact
from registry.subjects import find_grant
from registry.views.found import offer, on_artifact

# ------------------------------------------------------------------ all of them


@on_artifact
def grants(request: Signed, artifact: Artifact) -> HttpResponse:
    """Who reads it, now or on a day that has been, and the form with which one asks to."""
    by, form, day = request.user, AskToReadForm(posted(request)), DayForm(request.GET)
    asked = form.sent(request, lambda **said: actions.request_grant(artifact, by=by, **said))
    if asked is not None:
        messages.success(request, f"Request {asked.pk} waits for a decision. You are told of it.")
        return redirect(of_artifact(artifact, "grants"))
    told = reading.readers(artifact, *day.span) if day.span else reading.readers_now(artifact)
    seen = (
        Grant.objects.visible_to(by)
        .filter(artifact=artifact)
        .select_related("person", "decided_by", "ended_by")
    )
    rows = seen.filter(pk__in=told.grants) if day.span else seen
    page = paging.page(rows, "-pk", cursor=request.GET.get("cursor", ""))
    context = {
        **presenting.page(by, artifact),
        "told": told,
        "sentence": presenting.sentence(artifact, told, now=not day.span),
        "rows": [presenting.row(artifact, grant) for grant in page.rows],
        "pager": pager(request, page),
        "form": form,
        "day": day,
    }
    return render(request, "registry/grants.html", context, status=form.status)


# ------------------------------------------------------------------ one of them


@on_artifact
def grant(request: Signed, artifact: Artifact, pk: int) -> HttpResponse:
    grant = found(request.user, artifact, pk)
    form = GrantDecisionForm(posted(request))
    if decided := form.sent(request, partial(decide, grant, request.user)):
        messages.success(request, presenting.told(decided))
        return redirect(of_artifact(artifact, "grants"))
    waits = not grant.outcome
    context = {
        "artifact": artifact,
        "section": artifact.plural,
        "row": presenting.row(artifact, grant),
        "form": form,
        "waits": waits,
        "why_not_approve": why_not(request.user, "grant.approve", grant) if waits else "",
        "why_not_reject": why_not(request.user, "grant.reject", grant) if waits else "",
        "ends": presenting.ends(request.user, artifact, grant),
    }
    return render(request, "registry/grant.html", context, status=form.status)


def found(person: User, artifact: Artifact, pk: int) -> Grant:
    where = {"kind": artifact.plural, "team": artifact.team.slug, "name": artifact.name}
    grant = find_grant(person, **where, pk=str(pk))
    if grant is None:
        raise Absent(f"There is no grant {pk} of {artifact.name} that you may see.")
    return grant


def decide(grant: Grant, by: User, *, note: str, decision: str) -> Grant:
    act = actions.approve_grant if decision == "approve" else actions.reject_grant
    return act(grant, note=note, by=by)


@on_artifact
def end_grant(request: Signed, artifact: Artifact, pk: int) -> HttpResponse:
    by, grant = request.user, found(request.user, artifact, pk)
    offer(request, "grant.end", grant)
    form = EndGrantForm(posted(request))
    if form.sent(request, lambda reason: actions.end_grant(grant, reason=reason, by=by)):
        messages.success(request, "It is ended, and on the record.")
        return redirect(of_artifact(artifact, "grants"))
    title = f"End grant {grant.pk} of {grant.person}?"
    text = f"{grant.person} cannot look into {artifact.name} any more from that moment on."
    return ask(request, artifact, form, title, text, "End it", "Leave it")


# ------------------------------------------------------------------ restricted and opened


@on_artifact
def restrict(request: Signed, artifact: Artifact) -> HttpResponse:
    by = request.user
    offer(request, "dataset.restrict", artifact)
    form = ReasonForm(posted(request))
    if form.sent(request, lambda reason: actions.restrict(artifact, reason=reason, by=by)):
        messages.success(request, f"{artifact.name} is restricted.")
        return redirect(of_artifact(artifact, "grants"))
    title = f"Restrict {artifact.name}?"
    return ask(request, artifact, form, title, presenting.RESTRICTING, "Restrict it", "Leave it open")


@on_artifact
def open_dataset(request: Signed, artifact: Artifact) -> HttpResponse:
    by = request.user
    offer(request, "dataset.open", artifact)
    form = ReasonForm(posted(request))
    if form.sent(request, lambda reason: actions.open_dataset(artifact, reason=reason, by=by)):
        messages.success(request, f"{artifact.name} is open to all who see it.")
        return redirect(of_artifact(artifact, "grants"))
    title = f"Open {artifact.name} to all who see it?"
    return ask(request, artifact, form, title, presenting.OPENING, "Open it", "Keep it restricted")


def ask(
    request: Signed, artifact: Artifact, form: Form, title: str, text: str, yes: str, no: str
) -> HttpResponse:
    """A dialog as a page. A refusal comes back as its sentences."""
    context: dict[str, Any] = {
        "form": form,
        "section": artifact.plural,
        "title": title,
        "text": text,
        "yes": yes,
        "no": no,
        "back": of_artifact(artifact, "grants"),
        "danger": True,
    }
    return render(request, "_components/dialog.html", context, status=form.status)
