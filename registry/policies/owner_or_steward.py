"""Who may read a dataset is decided by who owns it, or by a steward."""

from __future__ import annotations

from governance import access
from governance.access import Objection, listed, policy
from governance.models import User
from registry.models import Artifact, Grant
from registry.presenting.addresses import of_artifact


@policy("dataset.restrict", "dataset.open", "grant.approve", "grant.reject")
def owner_or_steward(person: User, subject: Artifact | Grant, **_: object) -> Objection | None:
    artifact = subject if isinstance(subject, Artifact) else subject.artifact
    if answers_for(person, artifact):
        return None
    return Objection(
        f"Only {artifact.owner}, who owns {artifact.name}, or a steward may do this.",
        "its owner or a steward does it.",
        who=who(artifact),
        link=of_artifact(artifact, "grants"),
    )


def answers_for(person: User, artifact: Artifact) -> bool:
    """Whether somebody owns it or is a steward of its team, however far their token reaches."""
    return person.pk == artifact.owner_id or person.pk in access.holders(artifact.team, "finding.waive")


def who(artifact: Artifact, but: frozenset[int] = frozenset()) -> str:
    """The owner and the stewards, by name."""
    able = {artifact.owner_id: str(artifact.owner), **access.holders(artifact.team, "finding.waive")}
    names = [name for key, name in able.items() if key not in but]
    return listed(names) if names else f"nobody in {artifact.team.slug} yet"
