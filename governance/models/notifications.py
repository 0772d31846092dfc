"""Notifications: a message to one person about one thing, written in the transaction of what it tells of;
the e-mails that carry them, and how each person likes to be told."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils import timezone

from governance.kinds import WAYS
from governance.models.invitations import Invitation
from governance.models.people import User


class MailQuerySet(models.QuerySet["Mail"]):
    def due(self) -> Self:
        return self.filter(state="waiting", due_at__lte=timezone.now())


class Mail(models.Model):
    """One e-mail to one person: about one notification, about those of a `day`, or a letter for a `purpose`,
    such as a link that sets a new password. What such a letter says is made when it is sent, so that no link
    lies here. It goes to `address` where that is not the person's own.

    It is handed over at most once. `sending` with its `message_id` is committed before the server hears of
    it; when the sender is killed before it has noted the answer, the mail is `unknown` and stays so.
    """

    STATES = {
        "waiting": "waiting",
        "sending": "being sent",
        "sent": "sent",
        "unknown": "cut off while it was sent",
        "refused": "given up",
        "needless": "not needed any more",
    }

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="mails")
    day = models.DateField(null=True, blank=True)
    purpose = models.CharField(max_length=20, blank=True, default="", db_default="")
    address = models.EmailField(blank=True, default="", db_default="")
    invitation = models.ForeignKey(
        Invitation, null=True, blank=True, on_delete=models.CASCADE, related_name="mails"
    )
    state = models.CharField(max_length=10, choices=STATES, default="waiting")
    made_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField(default=timezone.now)
    tries = models.PositiveSmallIntegerField(default=0)
    message_id = models.CharField(max_length=120, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="one_digest_a_day")]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(state="waiting"), name="mail_waiting"),
            models.Index(fields=["user", "-id"], name="mail_by_user"),
        ]


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible_to(self, person: User) -> Self:
        """Those of this person. Whether they may still see what each is about, `governance.inbox` asks for
        many at once."""
        return self.filter(user=person)

    def unread(self) -> Self:
        return self.filter(read_at=None)


class Notification(models.Model):
    """`subject` is a label, like an event's: the message outlives what it is about. `way` is how the person
    liked to be told when it was written."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=400)
    sentence = models.TextField()
    at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)
    way = models.CharField(max_length=10, choices=WAYS, default="inbox", db_default="inbox")
    mail = models.ForeignKey(
        Mail, null=True, blank=True, on_delete=models.SET_NULL, related_name="notifications"
    )

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["user", "-id"], name="notification_by_user"),
            models.Index(fields=["user"], condition=models.Q(read_at=None), name="notification_unread"),
            models.Index(
                fields=["user"], condition=models.Q(way="daily", mail=None), name="notification_to_digest"
            ),
            models.Index(fields=["subject", "kind"], name="notification_by_subject"),
        ]


class Preference(models.Model):
    """How one person likes to be told of one kind; the usual way of the kind without a row."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="preferences")
    kind = models.CharField(max_length=40)
    way = models.CharField(max_length=10, choices=WAYS)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="one_way_of_being_told"),
        ]
