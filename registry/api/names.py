"""The names that a team knows: added from a finding, listed, taken off."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from governance import access
from governance.api.base import WRITES, Paged, Strict, Text, View, endpoint
from governance.errors import Absent
from governance.models import Team
from registry import actions
from registry.api.findings import finding_seen
from registry.models import KnownName
from registry.models.names import KnownNameQuerySet

Values = dict[str, Any]


class NameForm(Strict):
    reason = Text(max_length=2000)


class NameAnswer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    team = serializers.CharField()
    name = serializers.CharField(help_text="The exact dotted name.")
    reason = serializers.CharField()
    added_by = serializers.CharField()
    added_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class NameView(View):
    search_fields = ("name", "reason")

    @endpoint(NameAnswer(many=True), query=Paged)
    def list(self, team: str) -> Values:
        """The names of a team's own that its pickles may use, newest first."""
        return self.listed(self.seen(team).in_force(), "-pk", answer)

    @endpoint(NameAnswer, status=201, body=NameForm, problems=WRITES)
    def create(self, pk: int) -> Values:
        """Say that the unknown name of a finding is the team's own. A steward who is not the author may."""
        return answer(actions.add_name(finding_seen(self.person, pk), **self.body, by=self.person))

    @endpoint(NameAnswer, problems=WRITES)
    def end(self, team: str, pk: int) -> Values:
        """Take a name off the list: what it covered counts again, at once."""
        known = self.seen(team).filter(pk=pk).first()
        if known is None:
            raise Absent("There is no such name that you may see.")
        actions.end_name(known, by=self.person)
        return answer(self.seen(team).get(pk=pk))

    def seen(self, team: str) -> KnownNameQuerySet:
        if not Team.objects.filter(slug=team, pk__in=access.teams(self.person, "version.view")).exists():
            raise Absent(f"There are no names of {team} that you may see.")
        rows = KnownName.objects.visible_to(self.person).filter(team__slug=team)
        return rows.select_related("team", "added_by")


def answer(known: KnownName) -> Values:
    return {
        "id": known.pk,
        "team": known.team.slug,
        "name": known.name,
        "reason": known.reason,
        "added_by": known.added_by.username,
        "added_at": known.added_at,
        "ended_at": known.ended_at,
    }
