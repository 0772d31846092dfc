"""A scanner that lets known-bad files pass says nothing about others: nothing is promoted meanwhile."""

from __future__ import annotations

from django.urls import reverse

from governance.access import SITE, Objection, policy
from governance.models import User
from registry.models import Version
from registry.models.canaries import missed_now


@policy("version.promote", "version.evaluate")
def scanner_sees(person: User, version: Version, **_: object) -> Objection | None:
    missed = missed_now()
    if not missed:
        return None
    return Objection(
        f"The scanner let a known-bad file pass ({missed[0]}), so what it says of others is worth nothing.",
        "who runs this server repairs it; it opens again with the next round of canaries.",
        who=SITE,
        link=f"{reverse('registry:checks')}#canaries",
    )
