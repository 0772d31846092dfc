"""A draft belongs to who began it, so that one person answers for what is in it."""

from __future__ import annotations

from governance.access import policy
from governance.models import User
from registry.models import Version


@policy("version.submit")
def own_draft(person: User, version: Version, **_: object) -> str | None:
    if version.added_by_id != person.pk:
        return f"Only {version.added_by.username}, who began this draft, may change or submit it."
    return None
