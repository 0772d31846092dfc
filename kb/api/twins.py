"""Articles that say nearly the same, for programs."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from governance.api.base import Paged, View, endpoint
from kb.models import Twins

Values = dict[str, Any]


class TwinsRow(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    one = serializers.CharField(help_text="The label of the older article.")
    other = serializers.CharField()
    likeness = serializers.FloatField(
        help_text="From 0 to 1: of their shingles of five words, those in both."
    )
    at = serializers.DateTimeField(help_text="When it was found.")


class TwinsView(View):
    search_fields = ("one__title", "other__title", "one__team__slug")

    @endpoint(TwinsRow(many=True), query=Paged)
    def list(self) -> Values:
        """Pairs of articles that say nearly the same and that you both see, the newest first."""
        heavy = ("one__text", "one__search", "other__text", "other__search")
        rows = Twins.objects.visible_to(self.person).select_related("one__team", "other__team").defer(*heavy)
        return self.listed(rows, "-pk", row)


def row(twins: Twins) -> Values:
    return {
        "id": twins.pk,
        "one": twins.one.label,
        "other": twins.other.label,
        "likeness": round(twins.likeness, 3),
        "at": twins.at,
    }
