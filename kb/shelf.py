"""Which text of a playbook holds for a team: its own, if it has one, else the one that is shipped."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from governance.errors import Absent
from governance.models import Team
from governance.prepared import prepared
from kb.models import PlaybookVersion
from kb.playbooks import PLAYBOOKS, Playbook, read


def own(team: Team, code: str) -> PlaybookVersion | None:
    return next(iter(newest(team=team.pk, code=code)), None)


@prepared
def newest(*, team: Any, code: Any) -> QuerySet[PlaybookVersion]:
    return PlaybookVersion.objects.filter(team=team, code=code).order_by("-number")[:1]


def shelf(team: Team | None) -> dict[str, Playbook]:
    """Every playbook that a team works by, by its code."""
    found = dict(PLAYBOOKS)
    if team is not None:
        rows = PlaybookVersion.objects.filter(team=team).order_by("code", "-number").distinct("code")
        found |= {row.code: read(row.text) for row in rows}
    return found


def playbook_for(team: Team, code: str) -> Playbook:
    mine = own(team, code)
    found = read(mine.text) if mine else PLAYBOOKS.get(code)
    if found is None:
        raise Absent(f"There is no playbook {code[:20]}.")
    return found


def pinned(team: Team, code: str) -> PlaybookVersion:
    """The row that a run of it keeps. What is shipped gets one with its first run."""
    mine = own(team, code)
    if mine is not None:
        return mine
    return kept(playbook_for(team, code))


def kept(shipped: Playbook) -> PlaybookVersion:
    """The row of a shipped text, so that it is known when another one is shipped."""
    row, _ = PlaybookVersion.objects.get_or_create(
        team=None, code=shipped.code, digest=shipped.digest, defaults={"text": shipped.text}
    )
    return row


def shipped_since(mine: PlaybookVersion) -> tuple[str, str] | None:
    """The shipped text that a copy was last held against, and the one of now; nothing while they are one, or
    when nobody kept the former."""
    shipped = PLAYBOOKS.get(mine.code)
    if shipped is None or mine.based_on == shipped.digest:
        return None
    rows = PlaybookVersion.objects.filter(team=None, code=mine.code, digest=mine.based_on)
    former = rows.values_list("text", flat=True).first()
    return (former, shipped.text) if former is not None else None
