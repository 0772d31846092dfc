"""The contract of a dataset: read by who sees it, and made by who may."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from governance import access
from governance.errors import Absent
from governance.forms import posted
from governance.pages import Signed
from registry import actions
from registry.contracts import written
from registry.forms import ContractForm
from registry.models import Artifact, Kind, Version
from registry.presenting import contracts
from registry.presenting.addresses import of_artifact
from registry.presenting.objecting import to_person
from registry.views.found import on_artifact


@on_artifact
def contract(request: Signed, artifact: Artifact) -> HttpResponse:
    """`?from=` fills the form with what a version would meet, `?number=` shows an earlier contract."""
    by = request.user
    if artifact.kind != Kind.DATASET:
        raise Absent(f"{artifact.name} is no dataset: only a dataset has a contract.")
    found = contracts.page(by, artifact, request.GET.get("number", ""))
    derived = from_version(request, artifact)
    form = ContractForm(posted(request), text=derived or contracts.text(found["newest"]))
    made = form.sent(
        request, lambda contract, note: actions.set_contract(artifact, contract, note=note, by=by)
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


def from_version(request: Signed, artifact: Artifact) -> str:
    """The terms that a version would meet, as YAML; empty when none is asked for."""
    asked = request.GET.get("from", "")
    if not asked.isdecimal() or len(asked) > 9 or request.method == "POST":
        return ""
    seen = Version.objects.visible_to(request.user).filter(artifact=artifact, number=asked)
    version = seen.select_related("artifact__team").first()
    terms = contracts.from_version(version) if version else None
    if terms is None:
        raise Absent(f"Version {asked} of {artifact.name} has no table that was measured.")
    return written.text(terms)
