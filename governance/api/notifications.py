"""One's own messages, and how one likes to be told."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from governance import actions, inbox, mailing
from governance.api.base import WRITES, Paged, Strict, View, endpoint
from governance.kinds import KINDS
from governance.models import Notification
from governance.sentences import page_of

Values = dict[str, Any]


class NotificationAnswer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(list(KINDS))
    subject = serializers.CharField(help_text="The label of what it is about.")
    sentence = serializers.CharField()
    link = serializers.CharField(allow_blank=True, help_text="Its page: an address of this site.")
    at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)


class NotificationQuery(Paged):
    unread = serializers.ChoiceField(["true", "false"], required=False)


class ReadAnswer(serializers.Serializer[Any]):
    read = serializers.IntegerField(help_text="How many were marked.")


class WaysForm(Strict):
    """One field for each kind, all optional: those that are left out stay as they are."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {
            name: serializers.ChoiceField(list(kind.ways), required=False) for name, kind in KINDS.items()
        }


class WaysAnswer(serializers.Serializer[Any]):
    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {name: serializers.ChoiceField(list(kind.ways)) for name, kind in KINDS.items()}


class NotificationView(View):
    @endpoint(NotificationAnswer(many=True), query=NotificationQuery)
    def list(self) -> Values:
        """What I was told, newest first, as far as I may still see what it is about. `unread=false` lists
        what I have read, too."""
        page = inbox.page(
            self.person,
            unread=self.query.get("unread") == "true",
            search=self.query.get("search", ""),
            cursor=self.query.get("cursor", ""),
            size=self.query["size"],
        )
        return self.paged(page, [answer(found) for found in page.rows])

    @endpoint(NotificationAnswer)
    def retrieve(self, pk: int) -> Values:
        """One message to me."""
        return answer(inbox.find(self.person, pk))

    @endpoint(NotificationAnswer, problems=WRITES)
    def read(self, pk: int) -> Values:
        """Mark one as read."""
        inbox.read(inbox.find(self.person, pk))
        return answer(inbox.find(self.person, pk))

    @endpoint(NotificationAnswer, problems=WRITES)
    def unread(self, pk: int) -> Values:
        """Mark one as not read."""
        inbox.unread(inbox.find(self.person, pk))
        return answer(inbox.find(self.person, pk))

    @endpoint(ReadAnswer, problems=WRITES, operation_id="notifications_read_all")
    def read_all(self) -> Values:
        """Mark all as read: of very many the newest 400."""
        number, _ = inbox.read_all(self.person)
        return {"read": number}

    @endpoint(WaysAnswer)
    def ways(self) -> Values:
        """How I am told of each kind: `once` and `daily` by mail, or only in the `inbox`, where all of it
        stands; what one has to ask for usually `never`."""
        return mailing.ways_of(self.person)

    @endpoint(WaysAnswer, body=WaysForm, problems=WRITES)
    def set_ways(self) -> Values:
        """Choose how I am told of some kinds."""
        return actions.set_ways(self.person, self.body, by=self.person)


def answer(notification: Notification) -> Values:
    return {
        "id": notification.pk,
        "kind": notification.kind,
        "subject": notification.subject,
        "sentence": notification.sentence,
        "link": page_of(notification.subject),
        "at": notification.at,
        "read_at": notification.read_at,
    }
