"""Nobody decides on their own work."""

from __future__ import annotations

from governance.access import Objection, policy
from governance.models import User
from registry.gate import authors
from registry.models import Version
from registry.models.aliases import PROTECTED

SENTENCE = "Someone other than the author must do this."


@policy("approval.approve", "finding.waive", "version.promote")
def four_eyes(person: User, version: Version, *, alias: str = "", **_: object) -> Objection | None:
    """An alias that needs no approval needs checks only, so its author may move it."""
    if alias and PROTECTED.get(alias, 0) == 0:
        return None
    if person.pk in authors(version):
        return Objection(SENTENCE, "somebody who put nothing into this version acts.")
    return None
