"""Who asks does not answer, nor does somebody whose account or role the asker made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from django.db.models import Q, QuerySet
from django.urls import reverse

from governance.access import Objection, able, listed, policy
from governance.models import Approval, Membership, User
from governance.prepared import prepared

ASKED = "Someone other than the person who asked must do this."
MADE = "Someone whose account or role was not made by the person who asked must do this."


class Asked(Protocol):
    """A request of somebody in a team."""

    @property
    def team_id(self) -> int:
        """The key of the team."""

    @property
    def askers(self) -> set[int]:
        """The keys that count as who asked."""

    @property
    def by_roles(self) -> Sequence[str]:
        """The roles whose answer counts."""


@policy("approval.approve")
def other_person(person: User, subject: object, *, approval: Approval, **_: object) -> Objection | None:
    said = objection(person, approval)
    if said is None:
        return None
    but = kept_out(approval) | getattr(subject, "authors", set())
    return Objection(
        said,
        f"another {listed(approval.by_roles)} decides.",
        who=able(approval, "approval.approve", but=but, among=approval.by_roles),
        link=reverse("governance:approval", args=[approval.pk]),
    )


def kept_out(approval: Asked) -> set[int]:
    """The keys of who may not answer: who asked, and whose account or role they made."""
    askers = approval.askers
    return {*askers, *made_by(askers=askers, team=approval.team_id, roles=list(approval.by_roles))}


@prepared
def made_by(*, askers: Any, team: Any, roles: Any) -> QuerySet[User, int]:
    """Whose account, or role that counts, one of these made."""
    made_role = Q(memberships__team=team, memberships__granted_by__in=askers)
    counted = made_role & Q(memberships__role__in=roles)
    made = User.objects.filter(Q(created_by__in=askers) | counted)
    keys: QuerySet[User, int] = made.values_list("pk", flat=True)
    return keys


def objection(person: User, approval: Asked) -> str | None:
    """Asked at the vote and again when votes are counted."""
    askers = approval.askers
    if person.counts_as & askers:
        return ASKED
    if person.created_by_id in askers:
        return MADE
    roles = list(approval.by_roles)
    return MADE if roles_made(user=person.pk, askers=askers, team=approval.team_id, roles=roles) else None


@prepared
def roles_made(*, user: Any, askers: Any, team: Any, roles: Any) -> QuerySet[Membership, int]:
    held = Membership.objects.filter(team=team, user=user, role__in=roles, granted_by__in=askers)
    return held.order_by().values_list("pk", flat=True)
