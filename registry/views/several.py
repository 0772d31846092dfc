"""What is done to several artifacts that were ticked in a list."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from governance.errors import Absent, Invalid
from governance.pages import Signed
from governance.templatetags.words import counted
from registry import actions
from registry.forms import ChosenForm
from registry.models import KINDS, Artifact

DONE = {"follow": "followed", "tag": "tagged", "archive": "archived"}


@require_POST
@login_required
def several(request: Signed, kind: str) -> HttpResponse:
    form, by = ChosenForm(request.POST), request.user
    if not form.is_valid():
        raise Invalid(str(next(iter(form.errors.values()))[0]), errors=dict(form.errors))
    chosen, act = ticked(request, kind), form.cleaned_data["act"]
    if act == "tag":
        actions.tag_several(chosen, tag=form.cleaned_data["tag"], by=by)
    else:
        {"follow": actions.follow_several, "archive": actions.archive_several}[act](chosen, by=by)
    said = counted(len(chosen), KINDS[kind].value)
    messages.success(request, f"{said} {'is' if len(chosen) == 1 else 'are'} {DONE[act]}.")
    return redirect(f"registry:{kind}")


def ticked(request: Signed, kind: str) -> Sequence[Artifact]:
    """Those that were ticked, every one of which this person must see."""
    keys = {int(key) for key in request.POST.getlist("artifact") if key.isdecimal() and len(key) < 12}
    seen = Artifact.objects.visible_to(request.user).filter(kind=KINDS[kind], pk__in=keys)
    found = list(seen.select_related("team", "owner").defer("search"))
    if len(found) != len(keys):
        raise Absent("One of them is not there any more, or you may not see it: none was changed.")
    return found
