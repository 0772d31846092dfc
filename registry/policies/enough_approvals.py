"""A protected alias may need people's yes."""

from __future__ import annotations

from governance.access import Objection, policy
from governance.models import Approval, User
from registry import gate
from registry.models import Version
from registry.models.aliases import PROTECTED


@policy("version.promote")
def enough_approvals(person: User, version: Version, *, alias: str = "production", **_: object) -> Objection | None:
    needed = PROTECTED.get(alias, 0)
    if not needed:
        return None
    asked = gate.requests(version, alias)
    given = max((len(gate.counting(approval, version)) for approval in asked), default=0)
    if given >= needed:
        return None
    return Objection(
        f"{alias.capitalize()} needs {needed} approval{'s' if needed > 1 else ''}, {given} given.{why_void(version, alias)}",
        "a steward who is neither its author nor the one who asks approves it."
        if asked
        else "ask for an approval; a steward who is neither its author nor the one who asks gives it.",
    )


def why_void(version: Version, alias: str) -> str:
    """What made the newest request void, when that is how things stand."""
    last = Approval.objects.filter(subject=version.label, alias=alias).first()
    if last is None or last.outcome in {"used", "rejected"}:
        return ""
    changed = gate.changes(last.evidence, gate.evidence(version, alias))
    return f" The last one became void: {' '.join(changed)}" if changed else ""
