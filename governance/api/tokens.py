"""One's own tokens."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from rest_framework import serializers

from governance import actions
from governance.api.base import WRITES, Flag, Paged, Strict, Text, View, Whole, endpoint
from governance.api.people import Reach, find_team
from governance.errors import Absent
from governance.models import Token, User


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
    account = Text(
        max_length=100,
        required=False,
        default=None,
        allow_null=True,
        help_text="A service account that you answer for; without one the token acts as you.",
    )
    approve = Flag(required=False, default=False, help_text="Whether it may approve and reject.")
    waive = Flag(
        required=False, default=False, help_text="Whether it may waive findings and make names known."
    )
    manage = Flag(
        required=False,
        default=False,
        help_text="Whether it may manage artifacts, people, teams, gates, webhooks, jobs and tokens.",
    )


class TokenAnswer(Reach):
    id = serializers.IntegerField()
    name = serializers.CharField()
    prefix = serializers.CharField(help_text="How its text begins.")
    account = serializers.CharField(help_text="Whom it acts as: you, or a service account.")
    state = serializers.ChoiceField(
        ["usable", "stopped", "expired", "revoked"],
        help_text="Stopped: nobody active answers for the account, or its maker does not any more.",
    )
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
        """My tokens and those of service accounts that I answer for, newest first."""
        rows = Token.objects.visible_to(self.person).select_related(*BESIDE)
        return self.listed(rows, "-pk", answer)

    @endpoint(NewToken, status=201, body=TokenForm, problems=(*WRITES, 404))
    def create(self) -> dict[str, Any]:
        """Make a token for myself, or for a service account that I answer for.

        Its text is in this answer and nowhere else. It uses and pushes what I may; it decides and manages
        only where that is said. A token makes none that is wider than itself.
        """
        if self.body["team"] is not None:
            self.body["team"] = find_team(self.person, self.body["team"])
        user = self.account(self.body.pop("account"))
        token, text = actions.add_token(user, **self.body, by=self.person)
        return {**answer(token), "token": text}

    @endpoint(TokenAnswer)
    def retrieve(self, pk: int) -> dict[str, Any]:
        """One of my tokens."""
        return answer(self.find(pk))

    @endpoint(status=204, problems=WRITES)
    def destroy(self, pk: int) -> None:
        """Revoke one of my tokens, for good."""
        actions.revoke_token(self.find(pk), by=self.person)

    def account(self, username: str | None) -> User:
        """Oneself, or a service account that one answers for."""
        if username is None:
            return self.person
        account: User | None = self.person.accounts.filter(username__iexact=username).first()
        if account is None:
            raise Absent(f"You answer for no service account called {username[:100]}.")
        return account

    def find(self, pk: int) -> Token:
        token = Token.objects.visible_to(self.person).select_related(*BESIDE).filter(pk=pk).first()
        if token is None:
            raise Absent("You have no such token.")
        return token


BESIDE = ("team", "user__answered_by", "made_by")


def answer(token: Token) -> dict[str, Any]:
    return {
        "id": token.pk,
        "name": token.name,
        "prefix": token.prefix,
        "account": token.user.username,
        "state": token.state,
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "last_used_at": token.last_used_at,
        "revoked_at": token.revoked_at,
        **token.reach,
    }
