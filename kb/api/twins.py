"""Articles that say nearly the same, for programs."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from governance.api.base import WRITES, Paged, View, endpoint
from governance.errors import Absent
from governance.models import User
from kb import actions
from kb.models import Twins
from kb.models.twins import TwinsQuerySet

Values = dict[str, Any]


class TwinsRow(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    one = serializers.CharField(help_text="The label of the older article.")
    other = serializers.CharField()
    likeness = serializers.FloatField(
        help_text="From 0 to 1: of their shingles of five words, those in both."
    )
    at = serializers.DateTimeField(help_text="When it was found.")
    apart_at = serializers.DateTimeField(
        allow_null=True, help_text="When somebody said that they are not the same."
    )
    apart_by = serializers.CharField(allow_blank=True)


class TwinsView(View):
    search_fields = ("one__title", "other__title", "one__team__slug")

    @endpoint(TwinsRow(many=True), query=Paged)
    def list(self) -> Values:
        """Pairs of articles that say nearly the same and that you both see, the newest first."""
        heavy = ("one__text", "one__search", "other__text", "other__search")
        return self.listed(seen(self.person).defer(*heavy), "-pk", row)

    @endpoint(TwinsRow, problems=WRITES)
    def part(self, pk: int) -> Values:
        """Say that they are not the same."""
        return row(actions.part_twins(found(self.person, pk), by=self.person))

    @endpoint(TwinsRow, problems=WRITES)
    def pair(self, pk: int) -> Values:
        """Say that they are the same after all."""
        return row(actions.pair_twins(found(self.person, pk), by=self.person))


def seen(person: User) -> TwinsQuerySet:
    rows = Twins.objects.visible_to(person)
    return rows.select_related("one__team", "other__team", "apart_by")


def found(person: User, pk: int) -> Twins:
    twins = seen(person).filter(pk=pk).first()
    if twins is None:
        raise Absent("There is no such pair of articles that you may see.")
    return twins


def row(twins: Twins) -> Values:
    return {
        "id": twins.pk,
        "one": twins.one.label,
        "other": twins.other.label,
        "likeness": round(twins.likeness, 3),
        "at": twins.at,
        "apart_at": twins.apart_at,
        "apart_by": twins.apart_by.username if twins.apart_by else "",
    }
