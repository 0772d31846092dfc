"""What readers do with articles, for programs: watching, rating, and required reading."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from governance.api.base import WRITES, Flag, Paged, Strict, Text, View, endpoint
from governance.errors import Absent
from kb import actions, reading
from kb.api.articles import found
from kb.models import Reading, Watch
from kb.models.readers import MOST_REASON
from kb.views.collections import found_collection

Values = dict[str, Any]


class WatchAnswer(serializers.Serializer[Any]):
    watched = serializers.BooleanField()


class WatchRow(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]  # a field, not the serializer's own
    title = serializers.CharField()
    since = serializers.DateTimeField()


class RatingBody(Strict):
    helpful = Flag()
    reason = Text(
        max_length=MOST_REASON,
        required=False,
        allow_blank=True,
        default="",
        help_text="Why; what did not help takes one.",
    )


class RatingAnswer(serializers.Serializer[Any]):
    helpful = serializers.IntegerField(help_text="How many readers said that it helped.")
    readers = serializers.IntegerField(help_text="How many said anything.")


class ReadingBody(Strict):
    role = Text(max_length=30, required=False, allow_blank=True, default="", help_text="Empty: everybody.")
    note = Text(max_length=200, required=False, allow_blank=True, default="")


class ReadingAnswer(serializers.Serializer[Any]):
    role = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)
    version = serializers.IntegerField(help_text="The oldest one that counts as read.")
    digest = serializers.CharField()
    by = serializers.CharField()
    at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    read = serializers.IntegerField(help_text="How many of those who are asked have read it.")
    of = serializers.IntegerField()
    asks_you = serializers.BooleanField(help_text="Whether you have yet to read it.")


class AcknowledgeBody(Strict):
    digest = Text(min_length=64, max_length=64, help_text="Of what you read.")


class AcknowledgeAnswer(serializers.Serializer[Any]):
    version = serializers.IntegerField()
    digest = serializers.CharField()
    at = serializers.DateTimeField()


class WatchesView(View):
    search_fields = ("article__title", "article__slug", "collection__title", "collection__slug")

    @endpoint(WatchRow(many=True), query=Paged)
    def list(self) -> Values:
        """Articles and collections that you watch and still see, the newest first."""
        rows = Watch.objects.visible_to(self.person)
        return self.listed(rows.select_related("article__team", "collection__team"), "-pk", watch_row)


class ArticleWatchView(View):
    @endpoint(WatchAnswer, problems=WRITES)
    def watch(self, team: str, slug: str) -> Values:
        """Be told in your inbox when it changes. Again is no change."""
        actions.watch(found(self.person, team, slug), by=self.person)
        return {"watched": True}

    @endpoint(WatchAnswer, problems=WRITES)
    def unwatch(self, team: str, slug: str) -> Values:
        """Be told no more."""
        actions.unwatch(found(self.person, team, slug), by=self.person)
        return {"watched": False}


class CollectionWatchView(View):
    @endpoint(WatchAnswer, problems=WRITES)
    def watch(self, team: str, slug: str) -> Values:
        """Be told in your inbox when an article in it changes. Again is no change."""
        actions.watch(found_collection(self.person, team, slug), by=self.person)
        return {"watched": True}

    @endpoint(WatchAnswer, problems=WRITES)
    def unwatch(self, team: str, slug: str) -> Values:
        """Be told no more."""
        actions.unwatch(found_collection(self.person, team, slug), by=self.person)
        return {"watched": False}


class RatingView(View):
    @endpoint(RatingAnswer)
    def retrieve(self, team: str, slug: str) -> Values:
        """How many readers it helped."""
        return rated(reading.ratings(found(self.person, team, slug)))

    @endpoint(RatingAnswer, body=RatingBody, problems=WRITES)
    def rate(self, team: str, slug: str) -> Values:
        """Say whether it helped, in place of what you said before."""
        article = found(self.person, team, slug)
        actions.rate(article, by=self.person, **self.body)
        return rated(reading.ratings(article))


class ReadingView(View):
    @endpoint(ReadingAnswer)
    def retrieve(self, team: str, slug: str) -> Values:
        """Who is asked to read it, and how many have."""
        article = found(self.person, team, slug)
        asked = Reading.objects.open().filter(article=article).select_related("asked_by").first()
        if asked is None:
            raise Absent("Nobody is asked to read this article.")
        asked.article = article
        return self.answer(asked)

    @endpoint(ReadingAnswer, status=201, body=ReadingBody, problems=WRITES)
    def create(self, team: str, slug: str) -> Values:
        """Ask the members of a team, or those of one role, to read what stands there now."""
        article = found(self.person, team, slug)
        return self.answer(actions.ask_reading(article, by=self.person, **self.body))

    @endpoint(ReadingAnswer, problems=WRITES)
    def end(self, team: str, slug: str) -> Values:
        """Ask nobody any more. What was acknowledged stays."""
        return self.answer(actions.end_reading(found(self.person, team, slug), by=self.person))

    @endpoint(AcknowledgeAnswer, body=AcknowledgeBody, problems=WRITES)
    def acknowledge(self, team: str, slug: str) -> Values:
        """Say that you have read what stands there. Again is no change."""
        made = actions.acknowledge(found(self.person, team, slug), by=self.person, **self.body)
        return {"version": made.number, "digest": made.digest, "at": made.at}

    def answer(self, asked: Reading) -> Values:
        figures = reading.read_by(asked)
        return {
            "role": asked.role,
            "note": asked.note,
            "version": asked.number,
            "digest": asked.digest,
            "by": asked.asked_by.username,
            "at": asked.asked_at,
            "ended_at": asked.ended_at,
            "read": figures.read,
            "of": figures.of,
            "asks_you": asked.missing().filter(pk=self.person.pk).exists(),
        }


def watch_row(watch: Watch) -> Values:
    thing = watch.article or watch.collection
    assert thing is not None
    return {"label": thing.label, "title": thing.title, "since": watch.since}


def rated(counted: Values) -> Values:
    return {"helpful": counted["helped"], "readers": counted["all"]}
