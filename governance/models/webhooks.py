"""Webhooks: where a team's messages are sent to, one address for each team, and every delivery."""

from __future__ import annotations

import uuid
from typing import Self

from django.db import models
from django.utils import timezone

from governance import access
from governance.models.people import Team, User


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def visible_to(self, person: User) -> Self:
        """Who may set it sees it: an address may be a secret."""
        return self.filter(team__in=access.teams(person, "webhook.set"))


class Webhook(models.Model):
    """`secret` is sealed: it signs what is sent, and nobody sees it again after it was made."""

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="webhook")
    address = models.CharField(max_length=500)
    secret = models.BinaryField()
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)
    paused_at = models.DateTimeField(null=True, blank=True)

    objects = WebhookQuerySet.as_manager()

    @property
    def label(self) -> str:
        return f"{self.team.label}/webhook"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def visible_to(self, person: User) -> Self:
        return self.filter(webhook__in=Webhook.objects.visible_to(person))

    def due(self) -> Self:
        """Those whose turn it is, at hooks that are not paused."""
        return self.filter(state="waiting", due_at__lte=timezone.now(), webhook__paused_at=None)


class Delivery(models.Model):
    """One message on its way, written with what it tells of, sent until it is taken: at least once.

    Receivers know a repetition by `uuid`. `tried_from` is when it was first tried.
    """

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=400)
    body = models.TextField()
    made_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(
        max_length=10,
        choices=[("waiting", "waiting"), ("sent", "sent"), ("failed", "failed")],
        default="waiting",
    )
    due_at = models.DateTimeField(default=timezone.now)
    tries = models.PositiveSmallIntegerField(default=0)
    tried_from = models.DateTimeField(null=True, blank=True)
    tried_at = models.DateTimeField(null=True, blank=True)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    seconds = models.FloatField(null=True, blank=True)
    last_error = models.TextField(blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(state="waiting"), name="delivery_waiting"),
            models.Index(fields=["webhook", "-id"], name="delivery_by_webhook"),
        ]
