"""Where people are signed in: one row for each browser, beside its session."""

from __future__ import annotations

from typing import Self

from django.contrib.sessions.models import Session
from django.db import models
from django.db.models.functions import Now

from governance.models.people import User


class BrowserQuerySet(models.QuerySet["Browser"]):
    def visible_to(self, person: User) -> Self:
        """One's own, while their sessions last."""
        lasting = Session.objects.filter(expire_date__gt=Now()).values("session_key")
        return self.filter(user=person, key__in=lasting)


class Browser(models.Model):
    """`key` is the key of the session, which changes when the password does; `agent` is what the browser says
    of itself, and may be anything."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="browsers")
    key = models.CharField(max_length=40, unique=True)
    agent = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=60, blank=True)
    signed_in_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField()

    objects = BrowserQuerySet.as_manager()
