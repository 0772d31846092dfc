"""Aliases are moved: each move is a page that says what it changes, and for whom."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from governance.errors import Absent
from governance.forms import ConfirmForm, Form, posted
from governance.pages import Signed
from registry import actions
from registry.forms.asking import ReasonForm
from registry.forms.versions import AliasForm
from registry.models import Alias, Version
from registry.models.gates import gates_of
from registry.presenting.addresses import of_version
from registry.views.found import offer, on_version


@on_version
def promote(request: Signed, version: Version, alias: str) -> HttpResponse:
    by = request.user
    held = pointer(version, alias)
    offer(request, "version.promote", version, alias=alias)
    form = ConfirmForm(posted(request))
    if form.sent(request, lambda: actions.promote(version, alias, by=by)):
        messages.success(request, f"Version {version.number} is {alias}.")
        return redirect(of_version(version))
    title = f"Promote {version.artifact.name} {version.number} to {alias}?"
    text = consequences(version, alias, held) + used_up(version, alias)
    return ask(request, version, form, title, text, f"Promote to {alias}")


@on_version
def roll_back(request: Signed, version: Version, alias: str) -> HttpResponse:
    by = request.user
    held = pointer(version, alias)
    offer(request, "version.rollback", version, alias=alias)
    form = ReasonForm(posted(request))
    if form.sent(request, lambda reason: actions.roll_back(version, alias, reason=reason, by=by)):
        messages.success(request, f"{alias} is back at version {version.number}.")
        return redirect(of_version(version))
    title = f"Roll {alias} of {version.artifact.name} back to version {version.number}?"
    text = f"{consequences(version, alias, held)} It needs no new approval, but a reason."
    return ask(request, version, form, title, text, f"Roll back to {version.number}", danger=True)


@on_version
def move_alias(request: Signed, version: Version) -> HttpResponse:
    by = request.user
    offer(request, "alias.move", version)
    form = AliasForm(posted(request))
    if moved := form.sent(request, lambda alias: actions.move_alias(version, alias, by=by)):
        messages.success(request, f"{moved.name} points at version {version.number}.")
        return redirect(of_version(version))
    title = f"Point a name at version {version.number}?"
    text = "A name without a gate, for your own order. It releases nothing: to staging one promotes."
    return ask(request, version, form, title, text, "Point it here")


def pointer(version: Version, alias: str) -> Alias | None:
    """Where a protected alias points now."""
    gates = gates_of(version.team)
    if alias not in gates:
        raise Absent(f"{alias[:60]} has no gate: only {' and '.join(gates)} have.")
    return version.artifact.aliases.select_related("version").filter(name=alias).first()


def consequences(version: Version, alias: str, held: Alias | None) -> str:
    """What moving a protected alias means, in one paragraph."""
    now = (
        f"{alias.capitalize()} points at version {held.version.number} since {held.moved_at:%-d %B %Y}."
        if held
        else f"Nothing has been {alias} so far."
    )
    name, number = version.artifact.name, version.number
    return f"{now} Whoever fetches {name} by “{alias}” gets version {number} from then on."


def used_up(version: Version, alias: str) -> str:
    """What becomes of the approvals that a promotion needs."""
    needed = gates_of(version.team)[alias].approvals
    return "" if not needed else " The approval is used up." if needed == 1 else " The approvals are used up."


def ask(
    request: Signed, version: Version, form: Form, title: str, text: str, yes: str, danger: bool = False
) -> HttpResponse:
    """A dialog as a page. A refusal comes back as its sentences."""
    context: dict[str, Any] = {
        "form": form,
        "section": version.artifact.plural,
        "title": title,
        "text": text,
        "yes": yes,
        "no": "Leave it as it is",
        "back": of_version(version),
        "danger": danger,
    }
    return render(request, "_components/dialog.html", context, status=form.status)
