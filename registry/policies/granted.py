"""Into what is restricted only its owner and who holds a grant look, fetch and push.

Doors find versions through `visible_to`, which says the same; this holds for whatever comes another way.
"""

from __future__ import annotations

from governance.access import Objection, policy
from governance.models import Team, User
from registry import reading
from registry.models import Artifact, Version
from registry.policies.owner_or_steward import who
from registry.presenting.addresses import of_artifact


@policy(
    "version.download",
    "version.add",
    "version.submit",
    "version.recheck",
    "version.evaluate",
    "record.add",
    "dataset.declare",
    "contract.set",
    "record.add_operated",
)
def granted(person: User, subject: Artifact | Version | Team, **_: object) -> Objection | None:
    """A team is asked about as a whole: there is nothing to look into."""
    artifact = subject.artifact if isinstance(subject, Version) else subject
    return None if isinstance(artifact, Team) else missing(person, artifact)


def missing(person: User, artifact: Artifact) -> Objection | None:
    """That a restriction keeps somebody out."""
    if person.username == User.SYSTEM or reading.reads(person, artifact):
        return None
    return Objection(
        f"{artifact.name} is restricted, and you hold no grant to read it.",
        "ask to read it; its owner or a steward decides.",
        who=who(artifact, frozenset({person.pk})),
        link=of_artifact(artifact, "grants"),
    )
