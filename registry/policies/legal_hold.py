"""Nothing that is on legal hold vanishes. Triggers of the database say the same to whatever asks nobody."""

from __future__ import annotations

from governance import access
from governance.access import Objection, able, policy
from governance.models import Team, User
from registry.models import Artifact, Version
from registry.presenting.addresses import of_artifact


@policy("artifact.delete", "version.delete", "version.submit")
def legal_hold(
    person: User, subject: Artifact | Version | Team, *, action: str, loses: bool = False, **_: object
) -> Objection | None:
    """What a draft already holds stays in it; whatever adds to a held artifact, or uses it, goes on. That
    there is a hold is told to nobody whose roles say no already."""
    artifact = subject.artifact if isinstance(subject, Version) else subject
    if (
        not isinstance(artifact, Artifact)
        or artifact.held_at is None
        or (action == "version.submit" and not loses)
    ):
        return None
    if access.role_objection(person, action, subject) is not None:
        return None
    return Objection(
        f"{artifact.name} is on legal hold: nothing of it may be deleted.",
        "a steward other than the one who set the hold releases it.",
        who=able(artifact, "artifact.release_hold", but={artifact.held_by_id or 0}),
        link=of_artifact(artifact),
    )
