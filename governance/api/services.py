"""Service accounts of a team."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from governance import access, actions, roles
from governance.api.base import WRITES, Strict, Text, View, endpoint
from governance.api.people import UserAnswer, find_team, user_answer
from governance.errors import Absent, Invalid
from governance.models import Team, User

FITTING = [name for name in roles.ROLES if name not in roles.PEOPLE_ONLY]


class ServiceForm(Strict):
    username = Text(max_length=100)
    answered_by = Text(
        max_length=100, required=False, default=None, allow_null=True, help_text="Without a name: you."
    )
    roles = serializers.ListField(child=serializers.ChoiceField(FITTING), min_length=1, max_length=20)


class AnsweringForm(Strict):
    to = Text(max_length=100, help_text="Who answers for it from now on.")


class ServiceView(View):
    @endpoint(UserAnswer, status=201, body=ServiceForm, problems=WRITES)
    def create(self, team: str) -> dict[str, Any]:
        """Make an account of a program, which only tokens open. Stewards and the site administrator may."""
        found = find_team(self.person, team)
        owner = self.answering(found, "service.add", self.body["answered_by"])
        given = {"roles": self.body["roles"], "answered_by": owner}
        return user_answer(
            actions.add_service(found, self.body["username"], **given, by=self.person), self.person
        )

    @endpoint(UserAnswer, body=AnsweringForm, problems=WRITES)
    def hand_over(self, team: str, username: str) -> dict[str, Any]:
        """Say who answers for a service account from now on."""
        found = find_team(self.person, team)
        account = found.services.filter(username__iexact=username).first()
        if account is None:
            raise Absent(f"{team} has no service account called {username}.")
        to = self.answering(found, "service.hand_over", self.body["to"])
        return user_answer(actions.hand_over_service(account, to=to, by=self.person), self.person)

    def answering(self, team: Team, action: str, username: str | None) -> User:
        """Somebody of the team by name. Who may not act gets the same refusal whatever the name."""
        if username is None:
            return self.person
        user = User.objects.filter(memberships__team=team, username__iexact=username).first()
        if user is None and access.can(self.person, action, team):
            raise Invalid(f"{username[:100]} is not in {team.slug}.", errors={"answered_by": ["Not known."]})
        return user or self.person
