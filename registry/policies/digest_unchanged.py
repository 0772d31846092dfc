"""What is promoted is what was submitted."""

from __future__ import annotations

from governance.access import Objection, able, policy
from governance.models import User
from registry.digests import digest_of
from registry.models import Version
from registry.presenting.addresses import of_artifact


@policy("version.promote", "version.rollback")
def digest_unchanged(person: User, version: Version, **_: object) -> Objection | None:
    if digest_of(version) == version.digest:
        return None
    return Objection(
        "The files are not the ones that were submitted.",
        "push a new version, and tell a steward.",
        who=able(version, "version.add"),
        link=of_artifact(version.artifact, "new_version"),
    )
