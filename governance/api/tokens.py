"""One's own tokens."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from rest_framework import serializers

from governance import actions
from governance.api.base import WRITES, Flag, Paged, Strict, Text, View, Whole, endpoint
from governance.api.people import Reach, find_team
from governance.errors import Absent
from governance.models import Token


class TokenForm(Strict):
    name = Text(max_length=80)
    days = Whole(required=False, default=settings.TOKEN_DAYS, min_value=1, max_value=366)
    team = Text(
        max_length=60,
        required=False,
        default=None,
        allow_null=True,
        help_text="The slug of the only team that it is for. Without one it is for every team of yours.",
    )
    approve = Flag(required=False, default=False, help_text="Whether it may approve and reject.")
    waive = Flag(required=False, default=False, help_text="Whether it may waive findings.")
    manage = Flag(
        required=False,
        default=False,
        help_text="Whether it may manage people, teams, gates, webhooks, jobs and tokens.",
    )


class TokenAnswer(Reach):
    id = serializers.IntegerField()
    name = serializers.CharField()
    prefix = serializers.CharField(help_text="How its text begins.")
    state = serializers.ChoiceField(["usable", "expired", "revoked"])
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True, help_text="To the minute.")
    revoked_at = serializers.DateTimeField(allow_null=True)


class NewToken(TokenAnswer):
    token = serializers.CharField(help_text="The token itself. It is not kept and cannot be shown again.")


class TokenView(View):
    search_fields = ("name",)

    @endpoint(TokenAnswer(many=True), query=Paged)
    def list(self) -> dict[str, Any]:
        """My tokens, newest first."""
        rows = Token.objects.visible_to(self.person).select_related("team")
        return self.listed(rows, "-pk", answer)

    @endpoint(NewToken, status=201, body=TokenForm, problems=(*WRITES, 404))
    def create(self) -> dict[str, Any]:
        """Make a token for myself. Its text is in this answer and nowhere else.

        It uses and pushes what I may; it decides and manages only where that is said. A token makes none that
        is wider than itself.
        """
        if self.body["team"] is not None:
            self.body["team"] = find_team(self.person, self.body["team"])
        token, text = actions.add_token(self.person, **self.body, by=self.person)
        return {**answer(token), "token": text}

    @endpoint(TokenAnswer)
    def retrieve(self, pk: int) -> dict[str, Any]:
        """One of my tokens."""
        return answer(self.find(pk))

    @endpoint(status=204, problems=WRITES)
    def destroy(self, pk: int) -> None:
        """Revoke one of my tokens, for good."""
        actions.revoke_token(self.find(pk), by=self.person)

    def find(self, pk: int) -> Token:
        token = Token.objects.visible_to(self.person).select_related("user", "team").filter(pk=pk).first()
        if token is None:
            raise Absent("You have no such token.")
        return token


def answer(token: Token) -> dict[str, Any]:
    return {
        "id": token.pk,
        "name": token.name,
        "prefix": token.prefix,
        "state": token.state,
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "last_used_at": token.last_used_at,
        "revoked_at": token.revoked_at,
        **token.reach,
    }
