"""What is done to several artifacts that were ticked in a list."""

from __future__ import annotations

from collections.abc import Sequence

from governance.errors import Absent
from governance.pages import Signed
from governance.templatetags.words import counted
from registry import actions
from registry.models import Artifact, Kind

DONE = {"follow": "followed", "tag": "tagged", "archive": "archived"}


def done(request: Signed, kind: Kind, *, act: str, tag: str) -> str:
    """Do it to all that were ticked, and say so."""
    chosen, by = chosen_of(request, kind), request.user
    if act == "tag":
        actions.tag_several(chosen, tag=tag, by=by)
    else:
        {"follow": actions.follow_several, "archive": actions.archive_several}[act](chosen, by=by)
    return f"{counted(len(chosen), kind.value)} {'is' if len(chosen) == 1 else 'are'} {DONE[act]}."


def chosen_of(request: Signed, kind: Kind) -> Sequence[Artifact]:
    """Those that were ticked, every one of which this person must see."""
    keys = ticked(request.POST.getlist("artifact"))
    seen = Artifact.objects.visible_to(request.user).filter(kind=kind, pk__in=keys)
    found = list(seen.select_related("team", "owner").defer("search"))
    if len(found) != len(keys):
        raise Absent("One of them is not there any more, or you may not see it: none was changed.")
    return found


def ticked(sent: Sequence[str]) -> set[int]:
    """The keys among what was sent."""
    return {int(key) for key in sent if key.isdecimal() and len(key) < 12}
