"""A draft belongs to who began it, so that one person answers for what is in it."""

from __future__ import annotations

from governance.access import Objection, policy
from governance.models import User
from registry.models import Version
from registry.presenting.addresses import of_version


@policy("version.submit")
def own_draft(person: User, version: Version, **_: object) -> Objection | None:
    if version.added_by_id == person.pk:
        return None
    return Objection(
        f"Only {version.added_by.username}, who began this draft, may change or submit it.",
        "who began it goes on with it; or begin a version of your own.",
        who=str(version.added_by),
        link=of_version(version),
    )
