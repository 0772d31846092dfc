"""How a model does, as evaluated here and as declared, and asking for an evaluation."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from governance.errors import Absent
from governance.forms import posted
from governance.models import User
from governance.once import one_look
from governance.pages import Signed
from registry import actions, trusted
from registry.forms.evaluations import EvaluateForm, PriceForm
from registry.models import Kind, Version
from registry.presenting import choosing
from registry.presenting import evaluations as presenting
from registry.presenting.addresses import of_version
from registry.views.found import offer, on_version


@require_safe
@on_version
@one_look
def evaluations(request: Signed, version: Version) -> HttpResponse:
    """Evaluations, folds, what is judged of them, and other versions on the same data."""
    if version.artifact.kind != Kind.MODEL:
        raise Absent(f"{version.artifact.name} is no model: only a model is evaluated.")
    context = {
        "version": version,
        "artifact": version.artifact,
        "section": version.artifact.plural,
        **presenting.page(request.user, version),
        **priced(request, version),
    }
    return render(request, "registry/evaluations.html", context)


def priced(request: Signed, version: Version) -> dict[str, Any]:
    """Which threshold errors of a price ask for, of the newest evaluation of two classes with chances."""
    known = [each for each in trusted.newest(version) if (each.measured or {}).get("thresholds")]
    chances = [each for each in known if (each.measured or {}).get("chances")]
    if not chances:
        return {}
    form = PriceForm(request.GET if request.GET else None)
    told = form.cleaned_data if request.GET and form.is_valid() else None
    return {"prices": form, "priced": choosing.priced(chances[0], **told) if told else None}


@on_version
def evaluate(request: Signed, version: Version) -> HttpResponse:
    """Ask for one: on which table, for which target."""
    if version.artifact.kind != Kind.MODEL:
        raise Absent(f"{version.artifact.name} is no model: only a model is evaluated.")
    by = request.user
    offer(request, "version.evaluate", version)
    form = EvaluateForm(posted(request), datasets=presenting.datasets(by, version))
    sent = form.sent(request, partial(asked, version, by))
    if sent is not None:
        messages.success(request, sent)
        return redirect(of_version(version, "evaluations"))
    context = {
        "version": version,
        "artifact": version.artifact,
        "section": version.artifact.plural,
        "form": form,
    }
    return render(request, "registry/evaluate.html", context, status=form.status)


def asked(version: Version, by: User, **about: Any) -> str:
    evaluation, is_new = actions.evaluate(version, by=by, **about)
    if is_new:
        return f"Evaluation {evaluation.pk} is asked for. It appears here when it is done."
    return f"Exactly this waits already: it is evaluation {evaluation.pk}."
