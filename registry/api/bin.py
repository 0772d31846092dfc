"""The bin of a team: what was deleted there and you may have back."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from governance import access
from governance.api.base import WRITES, Paged, View, endpoint
from governance.errors import Absent
from governance.models import Team, User
from registry import actions
from registry.models import Deletion

Values = dict[str, Any]


class DeletionAnswer(serializers.Serializer[Any]):
    id = serializers.IntegerField(help_text="What it is restored by.")
    label = serializers.CharField()  # type: ignore[assignment]  # a field, not the serializer's own
    draft = serializers.BooleanField(help_text="Whether it is a draft; else it is a whole artifact.")
    deleted_by = serializers.CharField()
    deleted_at = serializers.DateTimeField()
    purged_at = serializers.DateTimeField(help_text="From when on it can be gone for good.")
    days_left = serializers.IntegerField()


class RestoredAnswer(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]  # a field, not the serializer's own


class BinView(View):
    search_fields = ("artifact__name", "version__artifact__name", "by__username")

    @endpoint(DeletionAnswer(many=True), query=Paged)
    def list(self, team: str) -> Values:
        """What of it you may have back, the last deleted first."""
        return self.listed(deletions(self.person, team), "-pk", answer)

    @endpoint(RestoredAnswer, problems=WRITES)
    def restore(self, team: str, pk: int) -> Values:
        """Have something back, as it was."""
        deletion = deletions(self.person, team).filter(pk=pk).first()
        if deletion is None:
            raise Absent("There is nothing like this in the bin that you may have back.")
        return {"label": actions.restore(deletion, by=self.person).label}


def deletions(person: User, slug: str) -> Any:
    team = Team.objects.filter(slug=slug, pk__in=access.teams(person, "artifact.restore")).first()
    if team is None:
        raise Absent(f"There is no bin of {slug} that you may see.")
    return Deletion.objects.visible_to(person).filter(team=team).with_things()


def answer(deletion: Deletion) -> Values:
    return {
        "id": deletion.pk,
        "label": deletion.label,
        "draft": deletion.version is not None,
        "deleted_by": deletion.by.username,
        "deleted_at": deletion.at,
        "purged_at": deletion.purged_at,
        "days_left": deletion.days_left,
    }
