"""Guesses at passwords and codes: counted by name and by address, until too many lock either."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from governance import access
from governance.models.people import User

LASTS = timedelta(minutes=15)


class TriesQuerySet(models.QuerySet["Tries"]):
    def visible_to(self, person: User) -> Self:
        """What is locked, for the site administrator."""
        if not access.administers(person):
            return self.none()
        full = models.Q()
        for kind, most in settings.SIGN_IN_TRIES.items():
            full |= models.Q(kind=kind, wrong__gte=most)
        return self.filter(full, last_at__gt=timezone.now() - LASTS)


class Tries(models.Model):
    """`key` is an address, or the keyed hash of a name: people type passwords into the wrong field. `user` is
    who has the name, if anybody."""

    kind = models.CharField(max_length=10, choices=[("name", "name"), ("address", "address")])
    key = models.CharField(max_length=64)
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    address = models.CharField(max_length=60, blank=True)
    wrong = models.PositiveIntegerField(default=0)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    objects = TriesQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="tries_are_counted_once")]

    @property
    def label(self) -> str:
        """What an event about it is about."""
        return self.user.label if self.user else "users"

    @property
    def until(self) -> datetime:
        return self.last_at + LASTS

    @property
    def is_full(self) -> bool:
        return self.wrong >= settings.SIGN_IN_TRIES[self.kind] and self.until > timezone.now()
