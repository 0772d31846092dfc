"""Who stopped something does not let it go again, nor does somebody whom they made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from governance.access import Objection, able, policy
from governance.models import User
from governance.policies.other_person import kept_out
from registry.models import Artifact, Version
from registry.presenting.addresses import of_artifact, of_version


@dataclass
class Stopped:
    """Who stopped it, as one asks whom they have made."""

    team_id: int
    askers: set[int]
    by_roles: Sequence[str] = ("steward",)


@policy("artifact.release_hold", "version.reinstate")
def undone_by_another(
    person: User, subject: Artifact | Version, *, action: str, **_: object
) -> Objection | None:
    """Says nothing about what nobody has stopped: the action does."""
    stopper = subject.withdrawn_by if isinstance(subject, Version) else subject.held_by
    if stopper is None:
        return None
    out = kept_out(Stopped(subject.team.pk, stopper.counts_as))
    if not person.counts_as & out:
        return None
    return Objection(
        f"Someone other than {stopper.username}, and whom {stopper.username} did not make, must do this.",
        "another steward does it.",
        who=able(subject, action, but=out),
        link=of_version(subject) if isinstance(subject, Version) else of_artifact(subject),
    )
