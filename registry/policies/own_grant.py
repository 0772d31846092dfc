"""A grant is ended by whose it is, by the owner of the dataset, by a steward, or by the clock."""

from __future__ import annotations

from governance.access import Objection, policy
from governance.models import User
from registry.models import Grant
from registry.policies.owner_or_steward import answers_for, who
from registry.presenting.addresses import of_artifact


@policy("grant.end")
def own_grant(person: User, grant: Grant, **_: object) -> Objection | None:
    own = person.pk in grant.person.counts_as
    if own or person.username == User.SYSTEM or answers_for(person, grant.artifact):
        return None
    return Objection(
        f"Only {grant.person}, whose it is, the owner of {grant.artifact.name} or a steward may end it.",
        "one of them ends it.",
        who=who(grant.artifact),
        link=of_artifact(grant.artifact, "grant", pk=grant.pk),
    )
