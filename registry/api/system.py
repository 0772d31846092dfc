"""How the server stands, and the word that its master key is copied. For the site administrator."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from governance import access
from governance.api.base import WRITES, View, endpoint
from registry.actions import keeping
from registry.actions.keeping import MasterKeyFile
from registry.presenting import system


class PartAnswer(serializers.Serializer[Any]):
    name = serializers.CharField()
    ok = serializers.BooleanField()
    needed = serializers.BooleanField(help_text="Whether the server is not ready without it.")
    says = serializers.CharField(allow_blank=True)


class WallAnswer(serializers.Serializer[Any]):
    name = serializers.CharField()
    stands = serializers.BooleanField()


class SandboxAnswer(serializers.Serializer[Any]):
    level = serializers.ChoiceField(["full", "minimum", "none"])
    walls = WallAnswer(many=True)


class KeptAnswer(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    said = serializers.CharField()
    good = serializers.BooleanField()


class SystemAnswer(serializers.Serializer[Any]):
    version = serializers.CharField()
    parts = PartAnswer(many=True)
    sandbox = SandboxAnswer()
    key_copied = serializers.BooleanField(help_text="Whether a copy of the master key lies elsewhere.")
    signing_key = serializers.CharField(
        allow_blank=True,
        help_text="SHA-256 of the public key by which releases are signed, /client/signing-key.pem.",
    )
    last_backup = KeptAnswer(allow_null=True)
    last_trial = KeptAnswer(allow_null=True, help_text="When a backup was last restored on trial.")
    last_look = KeptAnswer(
        allow_null=True, help_text="When stored files were last compared with their digests."
    )


class SystemView(View):
    @endpoint(SystemAnswer, problems=(403,))
    def retrieve(self) -> dict[str, Any]:
        """How the server stands."""
        access.check(self.person, "system.view", keeping.SYSTEM)
        return system.everything()

    @endpoint(SystemAnswer, problems=WRITES)
    def confirm_copy(self) -> dict[str, Any]:
        """Say that a copy of the master key, as it is today, lies elsewhere. A rotation asks again."""
        keeping.confirm_copy(MasterKeyFile(), by=self.person)
        return system.everything()
