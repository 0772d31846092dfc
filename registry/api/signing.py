"""Signing keys of a team, and the signature that this server made of a version."""

from __future__ import annotations

import json
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers

from governance import access
from governance.api.base import WRITES, Paged, Strict, Text, View, endpoint
from governance.errors import Absent
from governance.models import Team
from registry import actions
from registry.api import found
from registry.api.below import Below
from registry.models import SigningKey
from registry.models.signing import SigningKeyQuerySet
from registry.presenting.signing import signature_of
from registry.signing.standing import WORDS

Values = dict[str, Any]
MADE = {200: OpenApiResponse(OpenApiTypes.OBJECT, "A bundle of OpenSSF Model Signing 1.0.")}


class SigningKeyForm(Strict):
    name = Text(max_length=80)
    whose = Text(max_length=200, help_text="Who holds the private half.")
    pem = Text(max_length=16_000, help_text="A public key or a certificate on P-256, P-384 or P-521.")


class EndKeyForm(Strict):
    reason = Text(max_length=2000)


class SigningKeyAnswer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    team = serializers.CharField()
    name = serializers.CharField()
    whose = serializers.CharField()
    pem = serializers.CharField()
    fingerprint = serializers.CharField(help_text="SHA-256 of the PEM; of a certificate, of its bytes.")
    added_by = serializers.CharField()
    added_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    ended_because = serializers.CharField(allow_blank=True)


class UsedKeyAnswer(serializers.Serializer[Any]):
    name = serializers.CharField()
    whose = serializers.CharField()
    fingerprint = serializers.CharField()


class ReleasedAnswer(serializers.Serializer[Any]):
    fingerprint = serializers.CharField(help_text="Of this server's key, /client/signing-key.pem.")
    made_at = serializers.DateTimeField()


class SignedAnswer(serializers.Serializer[Any]):
    state = serializers.ChoiceField(list(WORDS))
    says = serializers.CharField()
    keys = UsedKeyAnswer(many=True, help_text="Those of the team that made it.")
    released = ReleasedAnswer(allow_null=True, help_text="What this server made when it was promoted.")


class SigningKeyView(View):
    search_fields = ("name", "whose", "fingerprint")

    @endpoint(SigningKeyAnswer(many=True), query=Paged)
    def list(self, team: str) -> Values:
        """The keys by which a team knows its own signatures, newest first, with those that were ended."""
        return self.listed(self.seen(self.team(team)), "-pk", answer)

    @endpoint(SigningKeyAnswer, status=201, body=SigningKeyForm, problems=WRITES)
    def create(self, team: str) -> Values:
        """Say that a key is the team's: what it has signed counts from now on."""
        return answer(actions.add_signing_key(self.team(team), **self.body, by=self.person))

    @endpoint(SigningKeyAnswer, body=EndKeyForm, problems=WRITES)
    def end(self, team: str, pk: int) -> Values:
        """End a key: what it signed counts no more, whenever that was."""
        key = self.seen(self.team(team)).filter(pk=pk).first()
        if key is None:
            raise Absent("There is no such signing key that you may see.")
        return answer(actions.end_signing_key(key, **self.body, by=self.person))

    def team(self, slug: str) -> Team:
        team = Team.objects.filter(slug=slug, pk__in=access.teams(self.person, "version.view")).first()
        if team is None:
            raise Absent(f"There are no signing keys of {slug} that you may see.")
        return team

    def seen(self, team: Team) -> SigningKeyQuerySet:
        rows = SigningKey.objects.visible_to(self.person).filter(team=team)
        return rows.select_related("team", "added_by")


class SignatureView(Below):
    @endpoint(MADE)
    def retrieve(self, kind: str, team: str, name: str, number: int) -> Values:
        """The bundle by which this server signed a version when it was promoted, for the tool of OpenSSF
        Model Signing with the key /client/signing-key.pem."""
        made = signature_of(found.version(self.person, kind, team, name, number))
        bundle: Values = json.loads(made.bundle)
        return bundle


def answer(key: SigningKey) -> Values:
    return {
        "id": key.pk,
        "team": key.team.slug,
        "name": key.name,
        "whose": key.whose,
        "pem": key.pem,
        "fingerprint": key.fingerprint,
        "added_by": key.added_by.username,
        "added_at": key.added_at,
        "ended_at": key.ended_at,
        "ended_because": key.ended_because,
    }
