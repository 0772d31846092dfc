"""A protected alias may need people's yes."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from governance.access import Objection, able, listed, policy
from governance.models import Approval, User
from governance.policies.other_person import kept_out
from governance.prepared import prepared
from registry import gate
from registry.models import Version
from registry.models.gates import settings_of
from registry.presenting.addresses import of_version


@policy("version.promote")
def enough_approvals(
    person: User, version: Version, *, alias: str = "production", **_: object
) -> Objection | None:
    needed = gate.approvals_needed(version, alias)
    if not needed:
        return None
    now = gate.evidence(version, alias)
    asked = gate.requests(version, now)
    given = max((len(gate.counting(approval, version)) for approval in asked), default=0)
    if given >= needed:
        return None
    approvals = "1 approval" if needed == 1 else f"{needed} approvals"
    settings = settings_of(version.team).number
    by = f" by settings {settings} of {version.team.slug}" if settings else ""
    among = gate.approvers(version, alias)
    other = f"a {listed(among)} who is neither its author nor the one who asks"
    return Objection(
        f"{alias.capitalize()} needs {approvals}{by}, {given} given.{why_void(version, now)}",
        f"{other} approves it." if asked else f"ask for an approval; {other} gives it.",
        who=able(version, "approval.approve", but=version.authors.union(*map(kept_out, asked)), among=among),
        link=where(version, alias, asked),
    )


def where(version: Version, alias: str, asked: list[Approval]) -> str:
    """The request that waits, or where to ask."""
    if asked:
        return reverse("governance:approval", args=[asked[-1].pk])
    return of_version(version, "ask", alias=alias)


def why_void(version: Version, now: dict[str, Any]) -> str:
    """What made the newest request void, when that is how things stand."""
    for last in last_asked(subject=version.label, alias=now["alias"]):
        changed = last.outcome in {"", "void"} and gate.changes(last.evidence, now)
        return f" The last one became void: {' '.join(changed)}" if changed else ""
    return ""


@prepared
def last_asked(*, subject: Any, alias: Any) -> QuerySet[Approval]:
    return Approval.objects.filter(subject=subject, alias=alias)[:1]
