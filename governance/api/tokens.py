"""One's own tokens."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from rest_framework import serializers

from governance import actions
from governance.api.base import WRITES, Paged, Strict, Text, View, Whole, endpoint
from governance.errors import Absent
from governance.models import Token


class TokenForm(Strict):
    name = Text(max_length=80)
    days = Whole(required=False, default=settings.TOKEN_DAYS, min_value=1, max_value=366)


class TokenAnswer(serializers.Serializer[Any]):
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
        rows = Token.objects.visible_to(self.person)
        return self.listed(rows, "-pk", answer)

    @endpoint(NewToken, status=201, body=TokenForm, problems=WRITES)
    def create(self) -> dict[str, Any]:
        """Make a token for myself. Its text is in this answer and nowhere else."""
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
        token = Token.objects.visible_to(self.person).select_related("user").filter(pk=pk).first()
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
    }
