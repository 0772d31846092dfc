"""Nobody decides on their own work."""

from __future__ import annotations

from governance.access import Objection, able, policy
from governance.models import User
from governance.roles import ROLES
from registry import gate
from registry.models import Version
from registry.presenting.addresses import of_version

SENTENCE = "Someone other than the author must do this."


@policy("approval.approve", "finding.waive", "name.add", "version.promote", "version.reinstate")
def four_eyes(
    person: User, version: Version, *, action: str, alias: str = "", **_: object
) -> Objection | None:
    """An alias that needs no approval needs checks only, so its author may move it."""
    if alias and gate.approvals_needed(version, alias) == 0:
        return None
    authors = version.authors
    if not person.counts_as & authors:
        return None
    among = gate.approvers(version, alias) if action == "approval.approve" else ROLES
    return Objection(
        SENTENCE,
        "somebody who put nothing into this version acts.",
        who=able(version, action, but=authors, among=among),
        link=of_version(version),
    )
