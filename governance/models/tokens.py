"""Tokens: a program's key, shown once and kept as a hash."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from governance.models.people import User
from governance.names import check_text


class TokenQuerySet(models.QuerySet["Token"]):
    def visible_to(self, person: User) -> Self:
        return self.filter(user=person)

    def usable(self) -> Self:
        return self.filter(revoked_at=None, expires_at__gt=Now(), user__is_active=True)


class Token(models.Model):
    """`digest` is the SHA-256 of the whole token: 256 random bits need no slow hash."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80, validators=[check_text])
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    @property
    def label(self) -> str:
        return f"users/{self.user.username}/tokens/{self.pk}"

    @property
    def state(self) -> str:
        if self.revoked_at:
            return "revoked"
        return "expired" if self.expires_at <= timezone.now() else "usable"
