"""What is restricted is changed by its owner or a steward, and nobody makes themself its owner."""

from __future__ import annotations

from governance.access import Objection, policy
from governance.models import User
from registry.models import Artifact
from registry.policies.owner_or_steward import answers_for, who
from registry.presenting.addresses import of_artifact


@policy("artifact.edit")
def restricted_edit(
    person: User, artifact: Artifact, *, owner: User | None = None, **_: object
) -> Objection | None:
    """Who owns it reads it, so that would be a grant to oneself."""
    if not artifact.restricted or person.pk == artifact.owner_id:
        return None
    page = of_artifact(artifact, "grants")
    if not answers_for(person, artifact):
        sentence = f"{artifact.name} is restricted: only its owner or a steward may change it."
        return Objection(sentence, "its owner or a steward changes it.", who=who(artifact), link=page)
    if owner is not None and owner.counts_as & person.counts_as:
        others = who(artifact, frozenset({person.pk}))
        return Objection(
            f"{artifact.name} is restricted: nobody makes themself its owner.",
            "its owner or another steward hands it over.",
            who=others,
            link=page,
        )
    return None
