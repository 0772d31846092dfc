"""What one follows."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from governance.api.base import WRITES, Paged, View, endpoint
from registry import actions
from registry.api import found
from registry.api.below import Below
from registry.models import Follow

Values = dict[str, Any]


class FollowAnswer(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]  # a field, not the serializer's own
    kind = serializers.CharField()
    team = serializers.CharField()
    name = serializers.CharField()
    since = serializers.DateTimeField()


class FollowedAnswer(serializers.Serializer[Any]):
    followed = serializers.BooleanField()


class FollowsView(View):
    search_fields = ("artifact__name", "artifact__team__slug")

    @endpoint(FollowAnswer(many=True), query=Paged)
    def list(self) -> Values:
        """What you follow and still see, the newest first."""
        return self.listed(
            Follow.objects.visible_to(self.person).select_related("artifact__team"), "-pk", row
        )


class FollowView(Below):
    @endpoint(FollowedAnswer, problems=WRITES)
    def follow(self, kind: str, team: str, name: str) -> Values:
        """Be told in your inbox when a version is pushed, promoted, rolled back or withdrawn. Again is no
        change."""
        actions.follow(found.artifact(self.person, kind, team, name), by=self.person)
        return {"followed": True}

    @endpoint(FollowedAnswer, problems=WRITES)
    def unfollow(self, kind: str, team: str, name: str) -> Values:
        """Be told no more."""
        actions.unfollow(found.artifact(self.person, kind, team, name), by=self.person)
        return {"followed": False}


def row(follow: Follow) -> Values:
    artifact = follow.artifact
    return {
        "label": artifact.label,
        "kind": artifact.kind,
        "team": artifact.team.slug,
        "name": artifact.name,
        "since": follow.since,
    }
