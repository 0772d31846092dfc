"""A question as a page of its own, about an artifact or something of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from governance.forms import Form
from governance.pages import Signed
from registry.models import Artifact
from registry.presenting.addresses import of_artifact


def ask(request: Signed, artifact: Artifact, form: Form, **words: Any) -> HttpResponse:
    """`words` are those of the component: title, text, yes, and what else it takes. A refusal comes back as
    its sentences."""
    usual = {"section": artifact.plural, "no": "Leave it as it is", "back": of_artifact(artifact)}
    context = {**usual, "form": form, **words}
    return render(request, "_components/dialog.html", context, status=form.status)
