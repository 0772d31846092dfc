"""Notifications: a message to one person about one thing, written in the transaction of what it tells of."""

from __future__ import annotations

from typing import Self

from django.db import models

from governance.models.people import User


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible_to(self, person: User) -> Self:
        return self.filter(user=person)

    def unread(self) -> Self:
        return self.filter(read_at=None)


class Notification(models.Model):
    """`subject` is a label, like an event's: the message outlives what it is about."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=400)
    sentence = models.TextField()
    at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["user", "-id"], name="notification_by_user"),
            models.Index(fields=["user"], condition=models.Q(read_at=None), name="notification_unread"),
        ]
