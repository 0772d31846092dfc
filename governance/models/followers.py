"""How far each follower has read the trail."""

from __future__ import annotations

from django.db import models


class Cursor(models.Model):
    """Everything up to this event has been told to a follower, in the order of transactions. While one fails
    it stays where it is: `again_at` is when it is tried next."""

    follower = models.CharField(max_length=120, unique=True)
    xact = models.BigIntegerField()
    event = models.BigIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    again_at = models.DateTimeField(null=True, blank=True)
