"""A gate says whose yes it takes: usually that of stewards."""

from __future__ import annotations

from django.urls import reverse

from governance.access import Objection, able, listed, policy
from governance.models import Approval, User
from governance.policies.other_person import kept_out


@policy("approval.approve", "approval.reject")
def approver_role(person: User, subject: object, *, approval: Approval, **_: object) -> Objection | None:
    held = {role for team, role in person.roles_held() if team == approval.team_id}
    if held & set(approval.by_roles):
        return None
    but = kept_out(approval) | getattr(subject, "authors", set())
    return Objection(
        f"An approval for {approval.alias} is given by a {listed(approval.by_roles)}.",
        "somebody who has that role decides.",
        who=able(approval, "approval.approve", but=but, among=approval.by_roles),
        link=reverse("governance:approval", args=[approval.pk]),
    )
