"""The weekly review of a team."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from governance import reviewing
from governance.api.base import View, endpoint
from governance.errors import Absent
from governance.models import Review


class ProposalAnswer(serializers.Serializer[Any]):
    sentence = serializers.CharField()
    label = serializers.CharField(  # type: ignore[assignment]  # a field, not the serializer's own
        help_text="Of what it is about."
    )


class KindAnswer(serializers.Serializer[Any]):
    title = serializers.CharField()
    count = serializers.CharField(help_text="How many there were; 500+ when there were more.")
    entries = ProposalAnswer(many=True)


class ReviewAnswer(serializers.Serializer[Any]):
    team = serializers.CharField()
    week = serializers.DateField(help_text="Its Monday.")
    made_at = serializers.DateTimeField()
    proposals = KindAnswer(many=True)


class ReviewView(View):
    @endpoint(ReviewAnswer)
    def retrieve(self, team: str) -> dict[str, Any]:
        """The newest review of a team, for its stewards and auditors. It proposes and never acts."""
        review = Review.objects.visible_to(self.person).filter(team__slug=team).first()
        if review is None:
            raise Absent(f"There is no review of {team} that you may see.")
        return {
            "team": team,
            "week": review.week,
            "made_at": review.made_at,
            "proposals": reviewing.seen(review, self.person),
        }
