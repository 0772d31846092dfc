"""The contract of a dataset: read by who sees it, and made by who may."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from governance import access
from governance.errors import Absent
from governance.forms import posted
from governance.models import User
from governance.pages import Signed
from registry import actions
from registry.contract_forms import Editor
from registry.contracts import written
from registry.forms.records import ContractForm
from registry.models import Artifact, Kind, Version
from registry.presenting import contracts
from registry.presenting.addresses import of_artifact
from registry.presenting.objecting import to_person
from registry.views.found import offer, on_artifact


@on_artifact
def contract(request: Signed, artifact: Artifact) -> HttpResponse:
    """`?from=` fills the form with what a version would meet, `?number=` shows an earlier contract."""
    by = request.user
    if artifact.kind != Kind.DATASET:
        raise Absent(f"{artifact.name} is no dataset: only a dataset has a contract.")
    found = contracts.page(by, artifact, request.GET.get("number", ""))
    derived = from_version(request, artifact)
    newest = found["newest"]
    form = ContractForm(
        posted(request), text=derived or contracts.text(newest), number=newest.number if newest else 0
    )
    made = form.sent(
        request, lambda contract, **more: actions.set_contract(artifact, contract, by=by, **more)
    )
    if made:
        word = f"Contract {made.number} holds" if made.written else "No contract holds any more"
        messages.success(request, f"{word}. The newest versions are held against it.")
        return redirect(of_artifact(artifact, "contract"))
    context = {
        "form": form,
        "artifact": artifact,
        "section": artifact.plural,
        "derived": bool(derived),
        "no": to_person(access.objections(by, "contract.set", artifact)),
        **found,
    }
    return render(request, "registry/contract.html", context, status=form.status)


@on_artifact
def form(request: Signed, artifact: Artifact) -> HttpResponse:
    """A row for each column of one table; `?from=` fills it with what a version would meet."""
    by = request.user
    if artifact.kind != Kind.DATASET:
        raise Absent(f"{artifact.name} is no dataset: only a dataset has a contract.")
    offer(request, "contract.set", artifact)
    newest = artifact.contracts.first()
    source = asked_version(request, artifact) or (None if newest else last_measured(by, artifact))
    terms = derived_from(source) if source else newest.terms if newest else None
    editor = Editor(posted(request), terms, request.GET.get("table", ""), newest.number if newest else 0)
    made = editor.sent(request.method == "POST", partial(actions.set_contract, artifact, by=by))
    if made:
        messages.success(request, f"Contract {made.number} holds. The newest versions are held against it.")
        return redirect(of_artifact(artifact, "contract"))
    context = {
        "editor": editor,
        "artifact": artifact,
        "section": artifact.plural,
        "source": source.number if source else None,
    }
    return render(request, "registry/contract_form.html", context, status=editor.status)


def from_version(request: Signed, artifact: Artifact) -> str:
    """The terms that a version would meet, as YAML; empty when none is asked for."""
    version = asked_version(request, artifact) if request.method != "POST" else None
    return written.text(derived_from(version)) if version else ""


def asked_version(request: Signed, artifact: Artifact) -> Version | None:
    """The one that the address names."""
    asked = request.GET.get("from", "")
    if not asked.isdecimal() or len(asked) > 9:
        return None
    seen = Version.objects.visible_to(request.user).filter(artifact=artifact, number=asked)
    version = seen.select_related("artifact__team").first()
    if version is None:
        raise Absent(f"There is no version {asked} of {artifact.name} that you may see.")
    return version


def last_measured(by: User, artifact: Artifact) -> Version | None:
    """The newest version with a table that was measured: what a first contract begins with."""
    seen = Version.objects.visible_to(by).filter(artifact=artifact).exclude(submitted_at=None)
    newest = seen.select_related("artifact__team").order_by("-number").first()
    return newest if newest and contracts.from_version(newest) else None


def derived_from(version: Version) -> dict[str, Any]:
    terms = contracts.from_version(version)
    if terms is None:
        raise Absent(f"Version {version.number} of {version.artifact.name} has no table that was measured.")
    return terms
