"""The card of a version."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from governance.api.base import endpoint
from registry.api import found
from registry.api.below import Below
from registry.presenting.cards import card


class VersionCardAnswer(serializers.Serializer[Any]):
    markdown = serializers.CharField(help_text="With front matter in the form of Hugging Face.")


class CardView(Below):
    @endpoint(VersionCardAnswer)
    def retrieve(self, kind: str, team: str, name: str, number: int) -> dict[str, Any]:
        """A model card or a datasheet, filled from evidence as far as you may see it. What nobody declared or
        measured says that it is not evaluated."""
        return {"markdown": card(self.person, found.version(self.person, kind, team, name, number))}
