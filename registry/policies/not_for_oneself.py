"""Nobody lets themself read what is restricted: who asks does not decide, nor does whom the asker made."""

from __future__ import annotations

from governance.access import Objection, policy
from governance.models import User
from governance.policies import other_person
from registry.models import Grant
from registry.policies.owner_or_steward import who
from registry.presenting.addresses import of_artifact


@policy("grant.approve")
def not_for_oneself(person: User, grant: Grant, **_: object) -> Objection | None:
    said = other_person.objection(person, grant)
    if said is None:
        return None
    return Objection(
        said,
        "its owner or another steward decides.",
        who=who(grant.artifact, frozenset(other_person.kept_out(grant))),
        link=of_artifact(grant.artifact, "grant", pk=grant.pk),
    )
