"""Invitations into a team."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from governance import access, actions, inviting, roles
from governance.api.base import WRITES, Paged, Strict, View, endpoint
from governance.api.people import find_team
from governance.errors import Absent
from governance.models import Invitation, Team


class InvitationForm(Strict):
    email = serializers.EmailField(max_length=254)
    roles = serializers.ListField(child=serializers.ChoiceField(list(roles.ROLES)), max_length=20)


class InvitationAnswer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    email = serializers.CharField()
    roles = serializers.ListField(child=serializers.ChoiceField(list(roles.ROLES)))
    state = serializers.ChoiceField(["open", "used", "revoked", "expired"])
    invited_by = serializers.CharField()
    made_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    used_by = serializers.CharField(allow_null=True)
    link = serializers.CharField(allow_null=True, help_text="What is mailed; null when it opens nothing.")


class InvitationView(View):
    search_fields = ("email", "invited_by__username")

    @endpoint(InvitationAnswer(many=True), query=Paged, problems=(403,))
    def list(self, team: str) -> dict[str, Any]:
        """Invitations of a team, newest first. Stewards of the team and the site administrator may look."""
        found = self.team(team)
        seen = Invitation.objects.visible_to(self.person).filter(team=found)
        return self.listed(seen.select_related("team", "invited_by", "used_by"), "-pk", answer)

    @endpoint(InvitationAnswer, status=201, body=InvitationForm, problems=WRITES)
    def create(self, team: str) -> dict[str, Any]:
        """Invite somebody by mail. The link works once, for 7 days."""
        invitation = actions.add_invitation(
            find_team(self.person, team), self.body["email"], roles=self.body["roles"], by=self.person
        )
        return answer(invitation)

    @endpoint(status=204, problems=WRITES)
    def destroy(self, team: str, pk: int) -> None:
        """Take an invitation back."""
        seen = Invitation.objects.visible_to(self.person).filter(team=self.team(team))
        invitation = seen.filter(pk=pk).first()
        if invitation is None:
            raise Absent("There is no such invitation that you may see.")
        actions.revoke_invitation(invitation, by=self.person)

    def team(self, slug: str) -> Team:
        team = find_team(self.person, slug)
        access.check_role(self.person, "invitation.add", team)
        return team


def answer(invitation: Invitation) -> dict[str, Any]:
    return {
        "id": invitation.pk,
        "email": invitation.email,
        "roles": invitation.roles,
        "state": invitation.state,
        "invited_by": invitation.invited_by.username,
        "made_at": invitation.made_at,
        "expires_at": invitation.expires_at,
        "used_by": invitation.used_by.username if invitation.used_by else None,
        "link": inviting.link(invitation) if invitation.state == "open" else None,
    }
