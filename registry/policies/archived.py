"""What is archived is used as it is: nothing new comes, and nothing of it is promoted."""

from __future__ import annotations

from governance.access import Objection, able, policy
from governance.models import Team, User
from registry.models import Artifact, Version
from registry.presenting.addresses import of_artifact


@policy(
    "artifact.edit",
    "dataset.declare",
    "contract.set",
    "version.add",
    "version.submit",
    "version.evaluate",
    "version.promote",
    "alias.move",
    "approval.request",
    "approval.approve",
)
def archived(person: User, subject: Artifact | Version | Team, **_: object) -> Objection | None:
    """Going back to what was in production stays open: it makes things safer. A team, asked about as a whole,
    says nothing of what is in it."""
    artifact = subject.artifact if isinstance(subject, Version) else subject
    if not isinstance(artifact, Artifact) or artifact.archived_at is None:
        return None
    return Objection(
        f"{artifact.name} is archived: it is used as it is, and nothing new comes.",
        "its owner or a steward takes it out of the archive.",
        who=able(artifact, "artifact.hold"),
        link=of_artifact(artifact),
    )
