"""Searching everything, for programs."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from governance import access, searches
from governance.api.base import Strict, Text, View, endpoint
from governance.models import Team, User


class SearchQuery(Strict):
    q = Text(max_length=searches.MOST_CHARACTERS, help_text="Words; each begins a word of what is found.")
    kind = Text(
        max_length=20,
        required=False,
        allow_blank=True,
        default="",
        help_text="Only of this kind, such as model.",
    )
    team = Text(
        max_length=100, required=False, allow_blank=True, default="", help_text="Only what is of this team."
    )
    label = Text(  # type: ignore[assignment]  # a field, not the serializer's own
        max_length=40,
        required=False,
        allow_blank=True,
        default="",
        help_text="Only articles with this label.",
    )
    size = serializers.IntegerField(required=False, default=20, min_value=1, max_value=100)


class HitAnswer(serializers.Serializer[Any]):
    title = serializers.CharField()
    href = serializers.CharField(help_text="Its page: an address of this site.")
    about = serializers.CharField(allow_blank=True)
    why = serializers.CharField(allow_blank=True, help_text="What of it has the words.")


class GroupAnswer(serializers.Serializer[Any]):
    kind = serializers.CharField()
    results = HitAnswer(many=True)
    more = serializers.BooleanField(help_text="Whether there are others: ask for this kind alone.")


class SearchAnswer(serializers.Serializer[Any]):
    groups = GroupAnswer(many=True)


class SearchView(View):
    @endpoint(SearchAnswer, query=SearchQuery)
    def search(self) -> dict[str, Any]:
        """What you may see that has these words, by kind, the best first. What is to be done by a page alone
        is left out."""
        asked = self.query
        team = team_of(self.person, asked["team"]) if asked["team"] else None
        found = searches.search(self.person, asked["q"], asked["size"], asked["kind"], team, asked["label"])
        return {"groups": [answer(group) for group in found if group.search.kind not in {"page", "action"}]}


def team_of(person: User, slug: str) -> int:
    """Its key, of one whose things the person sees; 0, which is none, of any other."""
    seen = Team.objects.filter(slug=slug, pk__in=access.teams(person, "article.view"))
    return next(iter(seen.values_list("pk", flat=True)), 0)


def answer(group: searches.Group) -> dict[str, Any]:
    rows = [{"title": hit.title, "href": hit.href, "about": hit.about, "why": hit.why} for hit in group.hits]
    return {"kind": group.search.kind, "results": rows, "more": group.more}
