"""What takes a thing away, or its name, is for who answers for it, and for stewards."""

from __future__ import annotations

from governance import access
from governance.access import Objection, policy
from governance.models import User
from registry.models import Artifact, Deletion, Version


@policy(
    "artifact.archive",
    "artifact.delete",
    "artifact.rename",
    "artifact.restore",
    "artifact.unarchive",
    "version.delete",
    "version.withdraw",
)
def answers_for_it(
    person: User, thing: Artifact | Version | Deletion, *, action: str = "", **_: object
) -> Objection | None:
    """An artifact's owner, and who began a draft."""
    of = thing.thing if isinstance(thing, Deletion) else thing
    if isinstance(of, Version) and action == "version.withdraw":
        of = of.artifact
    key = of.added_by_id if isinstance(of, Version) else of.owner_id
    if person.pk == key or access.role_objection(person, "artifact.hold", of) is None:
        return None
    whose, did = (of.added_by, "began") if isinstance(of, Version) else (of.owner, "owns")
    return Objection(
        f"Only {whose.username}, who {did} it, or a steward may do this.",
        f"ask {whose.username} or a steward.",
        who=access.able(of, "artifact.hold"),
    )
