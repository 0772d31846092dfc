"""A protected alias may need people's yes."""

from __future__ import annotations

from typing import Any

from governance.access import Objection, policy
from governance.models import Approval, User
from registry import gate
from registry.models import Version
from registry.models.aliases import PROTECTED


@policy("version.promote")
def enough_approvals(
    person: User, version: Version, *, alias: str = "production", **_: object
) -> Objection | None:
    needed = PROTECTED.get(alias, 0)
    if not needed:
        return None
    now = gate.evidence(version, alias)
    asked = gate.requests(now)
    given = max((len(gate.counting(approval, version)) for approval in asked), default=0)
    if given >= needed:
        return None
    approvals = "1 approval" if needed == 1 else f"{needed} approvals"
    who = "a steward who is neither its author nor the one who asks"
    return Objection(
        f"{alias.capitalize()} needs {approvals}, {given} given.{why_void(now)}",
        f"{who} approves it." if asked else f"ask for an approval; {who} gives it.",
    )


def why_void(now: dict[str, Any]) -> str:
    """What made the newest request void, when that is how things stand."""
    last = Approval.objects.filter(subject=now["version"], alias=now["alias"]).first()
    if last is None or last.outcome in {"used", "rejected"}:
        return ""
    changed = gate.changes(last.evidence, now)
    return f" The last one became void: {' '.join(changed)}" if changed else ""
