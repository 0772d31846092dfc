"""Collections of articles, for programs."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from governance.api.base import WRITES, Flag, Paged, Strict, Text, View, endpoint
from governance.api.people import find_team
from kb.actions.collections import named
from kb.models import Collection
from kb.models.collections import MOST_PEOPLE
from kb.views.collections import add, edit, found_collection

Values = dict[str, Any]


class CollectionChange(Strict):
    title = Text(max_length=100, required=False)
    closed = Flag(required=False, help_text="Only who is named, and stewards, read it.")
    guarded = Flag(required=False, help_text="Only who is named as a writer, and stewards, write in it.")
    readers = serializers.ListField(child=Text(max_length=100), required=False, max_length=MOST_PEOPLE)
    writers = serializers.ListField(child=Text(max_length=100), required=False, max_length=MOST_PEOPLE)


class CollectionBody(CollectionChange):
    team = Text(max_length=60)
    slug = Text(max_length=60)
    title = Text(max_length=100)


class CollectionRow(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]  # a field, not the serializer's own
    team = serializers.CharField()
    slug = serializers.CharField()
    title = serializers.CharField()
    closed = serializers.BooleanField()
    guarded = serializers.BooleanField()


class CollectionAnswer(CollectionRow):
    readers = serializers.ListField(child=serializers.CharField())
    writers = serializers.ListField(child=serializers.CharField())


class CollectionsView(View):
    search_fields = ("slug", "title", "team__slug")

    @endpoint(CollectionRow(many=True), query=Paged)
    def list(self) -> Values:
        """Collections that you may see, by title."""
        return self.listed(Collection.objects.visible_to(self.person).select_related("team"), "title", row)

    @endpoint(CollectionAnswer, status=201, body=CollectionBody, problems=WRITES)
    def create(self) -> Values:
        """Make a collection. Who makes it reads it and writes in it."""
        values = typed(self.body)
        return answer(add(self.person, team=find_team(self.person, values.pop("team")), **values))


class CollectionView(View):
    @endpoint(CollectionAnswer)
    def retrieve(self, team: str, slug: str) -> Values:
        """One collection, and who reads and writes it."""
        return answer(found_collection(self.person, team, slug))

    @endpoint(CollectionAnswer, body=CollectionChange, problems=WRITES)
    def change(self, team: str, slug: str) -> Values:
        """Change its title, or who reads and writes it: who is left out of a list is not named any more."""
        found = found_collection(self.person, team, slug)
        return answer(edit(found, self.person, **typed(self.body)))


def typed(body: Values) -> Values:
    """With names as a form has them."""
    return {name: " ".join(value) if isinstance(value, list) else value for name, value in body.items()}


def row(collection: Collection) -> Values:
    return {
        "label": collection.label,
        "team": collection.team.slug,
        "slug": collection.slug,
        "title": collection.title,
        "closed": collection.closed,
        "guarded": collection.guarded,
    }


def answer(collection: Collection) -> Values:
    parts = named(collection)
    return {
        **row(collection),
        "readers": [person.username for person in parts[False]],
        "writers": [person.username for person in parts[True]],
    }
