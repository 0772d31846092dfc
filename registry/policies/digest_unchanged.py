"""What is promoted is what was submitted."""

from __future__ import annotations

from governance.access import policy
from governance.models import User
from registry.digests import digest_of
from registry.models import Version


@policy("version.promote", "version.rollback")
def digest_unchanged(person: User, version: Version, **_: object) -> str | None:
    if digest_of(version) != version.digest:
        return "The files are not the ones that were submitted. Push a new version and tell a steward."
    return None
