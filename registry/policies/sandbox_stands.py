"""Below the level of the sandbox that this server is told to ask for, nothing is released."""

from __future__ import annotations

from django.urls import reverse

from governance.access import SITE, Objection, policy
from governance.models import User
from registry import sandbox
from registry.models import Version


@policy("version.promote")
def sandbox_stands(person: User, version: Version, **_: object) -> Objection | None:
    missing = sandbox.too_open()
    if not missing:
        return None
    return Objection(
        f"This machine's sandbox lacks {', '.join(missing)}, so nothing is released here.",
        "who runs this server lets it put up these walls, or asks for less (STEWARD_SANDBOX).",
        who=SITE,
        link=reverse("registry:checks"),
    )
