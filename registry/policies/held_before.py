"""A rollback goes back: to a version that held the alias by its gate and has nothing critical open."""

from __future__ import annotations

from governance.access import Objection, able, policy
from governance.models import User
from registry.models import Finding, Move, Severity, Version
from registry.presenting.addresses import of_version


@policy("version.rollback")
def held_before(
    person: User, version: Version, *, alias: str = "production", **_: object
) -> Objection | None:
    held = Move.objects.filter(version=version, alias=alias)
    if not held.filter(protected=True).exists():
        was = f"was {alias} only while that had no gate" if held.exists() else f"never was {alias}"
        return Objection(
            f"Version {version.number} {was}: promote it instead.",
            f"go back to a version that was {alias}, or promote this one.",
            who=able(version, "version.rollback"),
            link=of_version(version),
        )
    critical = Finding.objects.filter(version=version, severity=Severity.CRITICAL).blocking().first()
    if critical is None:
        return None
    return Objection(
        f"{critical.path}: {critical.message} A version with an open critical finding stays out of use.",
        "go back to another version, or a steward who is not the author waives it with a reason and an end.",
        who=able(version, "finding.waive", but=version.authors),
        link=f"{of_version(version, 'findings')}#finding-{critical.pk}",
    )
