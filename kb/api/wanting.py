"""What people searched for in vain, for programs."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from governance.api.base import WRITES, Paged, View, endpoint
from governance.errors import Absent
from kb import actions
from kb.models import Wanted

Values = dict[str, Any]


class WantedRow(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    team = serializers.CharField()
    text = serializers.CharField()
    people = serializers.IntegerField(help_text="How many had searched for it when it was asked for.")
    at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(
        allow_null=True, help_text="Since when it is written, or was put away."
    )
    dismissed_by = serializers.CharField(allow_null=True)


class WantedView(View):
    search_fields = ("text", "team__slug")

    @endpoint(WantedRow(many=True), query=Paged)
    def list(self) -> Values:
        """What at least two people of a team for which you write searched for in vain, the newest first."""
        rows = Wanted.objects.visible_to(self.person).select_related("team", "dismissed_by")
        return self.listed(rows, "-pk", row)

    @endpoint(WantedRow, problems=WRITES)
    def dismiss(self, pk: int) -> Values:
        """Say that no article is needed: it is not asked for again."""
        found = Wanted.objects.visible_to(self.person).filter(pk=pk).first()
        if found is None:
            raise Absent("There is nothing here that was searched for and that you may see.")
        return row(actions.dismiss_wanted(found, by=self.person))


def row(wanted: Wanted) -> Values:
    return {
        "id": wanted.pk,
        "team": wanted.team.slug,
        "text": wanted.text,
        "people": wanted.people,
        "at": wanted.at,
        "closed_at": wanted.closed_at,
        "dismissed_by": wanted.dismissed_by.username if wanted.dismissed_by else None,
    }
