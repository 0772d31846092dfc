"""The trail, as far as one may read it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from rest_framework import serializers

from governance import subjects
from governance.api.base import Paged, View, endpoint
from governance.errors import Absent, Invalid
from governance.mentions import masked
from governance.models import Event, User
from governance.models.events import EventQuerySet
from governance.searching import searched

FIELDS = (
    "id", "at", "action", "outcome", "subject", "digest", "team", "actor", "token", "address", "request_id",
    "before", "after", "reason",
)  # fmt: skip
MOST_SEARCHED = 100_000
AFTER = "after is a time with its zone, such as 2026-01-31T12:00:00Z, or the id of an event."


class EventAnswer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    action = serializers.CharField()
    outcome = serializers.ChoiceField(["done", "refused"])
    subject = serializers.CharField(help_text="The label of what it is about.")
    digest = serializers.CharField(allow_blank=True, help_text="Of the subject, where it has one.")
    team = serializers.CharField(allow_blank=True)
    actor = serializers.CharField(allow_blank=True, help_text="Empty for a stranger.")
    token = serializers.CharField(allow_blank=True, help_text="Of a program: its beginning and name.")
    address = serializers.CharField(allow_blank=True)
    request_id = serializers.CharField(allow_blank=True)
    before = serializers.JSONField(help_text="Any JSON, or null.")
    after = serializers.JSONField(help_text="Any JSON, or null.")
    reason = serializers.CharField(allow_blank=True)


class EventQuery(Paged):
    subject = serializers.CharField(required=False, max_length=400, help_text="A label and all below it.")
    actor = serializers.CharField(required=False, max_length=100)
    action = serializers.CharField(required=False, max_length=60)
    team = serializers.CharField(required=False, max_length=60)
    outcome = serializers.ChoiceField(["done", "refused"], required=False)
    after = serializers.CharField(required=False, max_length=40, help_text=AFTER)
    sort = serializers.ChoiceField(["-id", "id"], required=False, default="-id")


class EventView(View):
    search_fields = ("subject", "action", "actor", "reason")

    @endpoint(EventAnswer(many=True), query=EventQuery)
    def list(self) -> dict[str, Any]:
        """What happened and what was refused: one's teams' events for stewards and auditors, one's own
        for everybody, those about people and teams for the site administrator. `search` looks through the
        newest 100,000."""
        rows = filtered(self.person, self.query).defer("canonical", "salts")
        asked = newest_with(rows, self.search_fields, self.query.get("search", ""))
        page = self.page(asked, self.query["sort"].replace("id", "pk"))
        return self.paged(page, [answer(event) for event in masked(self.person, page.rows)])

    @endpoint(EventAnswer)
    def retrieve(self, pk: int) -> dict[str, Any]:
        """One event."""
        event = Event.objects.visible_to(self.person).filter(pk=pk).first()
        if event is None:
            raise Absent("There is no such event that you may see.")
        return answer(*masked(self.person, [event]))


def newest_with(rows: EventQuerySet, fields: Sequence[str], text: str) -> EventQuerySet:
    """Those of the newest events in which every word of a text stands. Words have no index: looking through a
    million events for a rare one takes seconds. Older ones are found by subject, actor, action and time."""
    if not text:
        return rows
    newest = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return searched(rows.filter(pk__gt=newest - MOST_SEARCHED), fields, text)


def filtered(person: User, query: dict[str, Any]) -> EventQuerySet:
    equal = {name: query[name] for name in ("actor", "action", "team", "outcome") if name in query}
    rows = Event.objects.visible_to(person).filter(**equal)
    if "subject" in query:
        rows = rows.about(*subjects.called(person, query["subject"].strip("/")))
    return since(rows, query["after"]) if "after" in query else rows


def since(rows: EventQuerySet, after: str) -> EventQuerySet:
    """Behind an event, or later than a time."""
    if after.isdecimal() and len(after) < 19:
        return rows.filter(pk__gt=int(after))
    return rows.filter(at__gt=moment(after))


def moment(text: str) -> datetime:
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise Invalid(AFTER, errors={"after": ["Not understood."]})
    return found


def answer(event: Event) -> dict[str, Any]:
    return {name: getattr(event, name) for name in FIELDS}
