"""What is critical or high must be cured or waived."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from governance.access import Objection, able, policy
from governance.models import User
from governance.once import once
from governance.prepared import prepared
from registry.models import Finding, Version
from registry.models.gates import gates_of
from registry.presenting.addresses import of_version


@policy("version.promote", "approval.approve")
def no_blocking_finding(
    person: User, version: Version, *, alias: str = "production", **_: object
) -> Objection | None:
    asked = gates_of(version.team).get(alias)
    spared = asked.not_required if asked else ()
    blocking = worst_first(spared, version=version.pk)
    if not blocking:
        return None
    worst = blocking[0]
    number = "100+" if len(blocking) > 100 else str(len(blocking))
    rest = f" It is one of {number} open findings that block." if len(blocking) > 1 else ""
    waives = "a steward who is not the author waives it with a reason and an end."
    if worst.can_be_known:
        waives = "a steward who is not the author says that the name is the team's own, or waives it."
    return Objection(
        f"{worst.path}: {worst.message}{rest}",
        f"push a version without it, or {waives}",
        who=able(version, "finding.waive", but=version.authors),
        link=f"{of_version(version, 'findings')}#finding-{worst.pk}",
    )


@once
@prepared
def worst_first(spared: tuple[str, ...], *, version: Any) -> QuerySet[Finding]:
    return Finding.objects.filter(version=version).exclude(check_name__in=spared).blocking()[:101]
