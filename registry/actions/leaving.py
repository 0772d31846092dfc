"""Who leaves a team hands over their artifacts, and takes back what they asked of its gates."""

from __future__ import annotations

from django.utils import timezone

from governance import access, audit
from governance.errors import Invalid
from governance.leaving import belonging, withdrawal
from governance.models import Team, User
from registry.actions import grants
from registry.actions.artifacts import described
from registry.actions.gates import close
from registry.models import Artifact, Grant


def own(team: Team, user: User) -> list[str]:
    """The labels of the artifacts of a team that are this person's."""
    found = Artifact.objects.filter(team=team, owner=user).select_related("team").defer("search")
    return [artifact.label for artifact in found.order_by("kind", "name")]


def hand_over(team: Team, user: User, *, to: User, by: User) -> None:
    """Each gets its new owner, with an event of its own. Who may remove a member may do this, also where they
    could not edit: the site administrator."""
    if access.role_objection(to, "version.add", team) is not None:
        sentence = f"{to.username} may not push in {team.slug}, so cannot own this."
        raise Invalid(sentence, errors={"hand_over_to": [sentence]})
    rows = Artifact.objects.select_for_update(of=("self",)).select_related("team", "owner").defer("search")
    for artifact in rows.filter(team=team, owner=user).order_by("pk"):
        if artifact.restricted and to.counts_as & by.counts_as - user.counts_as:
            sentence = f"{artifact.name} is restricted: nobody makes themself its owner."
            raise Invalid(sentence, errors={"hand_over_to": [sentence]})
        before = described(artifact)
        artifact.owner, artifact.updated_at = to, timezone.now()
        artifact.save(update_fields=["owner", "updated_at"])
        audit.record("artifact.edit", artifact, by=by, before=before, after=described(artifact))


belonging(own, hand_over)


@withdrawal
def withdraw_gates(team: Team, user: User, *, by: User) -> None:
    """A change of gates that nobody stands behind any more is void."""
    for asked in team.gate_requests.open().select_for_update(of=("self",)).filter(requested_by=user):
        asked.team = team
        close(asked, "void", by=by)
        audit.record("gate.withdraw", asked, by=by, after={"request": asked.pk, "asked": user.username})


@withdrawal
def withdraw_grants(team: Team, user: User, *, by: User) -> None:
    """Nobody waits any more to read what they asked for."""
    asked = Grant.objects.waiting().filter(artifact__team=team, person=user)
    for grant in asked.select_related("artifact__team", "person").order_by("pk"):
        grants.take_back(grants.locked(grant), by=by)
