"""Nobody changes a gate alone: who asks does not confirm, nor does somebody whom the asker made.

On its first day a team of one may set itself up. That ends for good with the second member, or with the
first release.
"""

from __future__ import annotations

from dataclasses import replace

from django.urls import reverse

from governance.access import Objection, able, policy
from governance.models import Event, Team, User
from governance.policies import other_person
from registry.models import GateRequest, Move

CURE = "another steward decides."


@policy("gate.confirm")
def another_steward(person: User, asked: GateRequest, **_: object) -> Objection | None:
    said = other_person.objection(person, asked)
    if said is None or (person.pk == asked.requested_by_id and is_alone(person, asked.team)):
        return None
    objection = Objection(said, CURE, link=reverse("registry:gate_request", args=[asked.team.slug, asked.pk]))
    return replace(objection, who=able(asked, "gate.confirm", but=other_person.kept_out(asked)))


def is_alone(person: User, team: Team) -> bool:
    """Whether the team has had nobody else so far and has released nothing."""
    if team.memberships.exclude(user=person).exists():
        return False
    if Move.objects.filter(artifact__team=team, protected=True).exists():
        return False
    own = f"{team.label}/members/{person.username}"
    others = Event.objects.filter(team=team.slug, action="member.set", outcome="done").exclude(subject=own)
    return not others.exists()
