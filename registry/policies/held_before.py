"""A rollback goes back: to a version that held the alias and has nothing critical open."""

from __future__ import annotations

from governance.access import policy
from governance.models import User
from registry.models import Finding, Move, Severity, Version


@policy("version.rollback")
def held_before(person: User, version: Version, *, alias: str = "production", **_: object) -> str | None:
    if not Move.objects.filter(version=version, alias=alias).exists():
        return f"Version {version.number} never was {alias}: promote it instead."
    critical = Finding.objects.filter(version=version, severity=Severity.CRITICAL).blocking().first()
    if critical is not None:
        return (
            f"{critical.path}: {critical.message} A version with an open critical finding stays out of use."
        )
    return None
