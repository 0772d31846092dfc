"""Signatures of models: the keys of a team, and what this server signed itself."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from governance import access
from governance.models import Team, User
from governance.names import check_text
from registry.models.versions import Version


class SigningKeyQuerySet(models.QuerySet["SigningKey"]):
    def visible_to(self, person: User) -> Self:
        return self.filter(team__in=access.teams(person, "version.view"))

    def in_force(self) -> Self:
        return self.filter(ended_at=None)


class SigningKey(models.Model):
    """A public key, or a certificate, by which the team knows its own signatures. `fingerprint` is that of
    `registry.signing.verifying`."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="signing_keys")
    name = models.CharField(max_length=80, validators=[check_text])
    whose = models.CharField(max_length=200, validators=[check_text])
    pem = models.TextField(max_length=16_000)
    fingerprint = models.CharField(max_length=64)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended_because = models.TextField(blank=True, max_length=2000, validators=[check_text])

    objects = SigningKeyQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["team", "fingerprint"], condition=Q(ended_at=None), name="a_team_has_a_key_once"
            ),
            models.UniqueConstraint(
                fields=["team", "name"], condition=Q(ended_at=None), name="one_signing_key_of_a_name"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None, ended_because="")
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(ended_because="")),
                name="a_signing_key_is_ended_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        return f"{self.team.label}/signing-keys/{self.pk}"

    @property
    def is_certificate(self) -> bool:
        return "CERTIFICATE" in self.pem


class Signature(models.Model):
    """A bundle that this server made when the version was promoted; one for each key that it had."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="signatures")
    fingerprint = models.CharField(max_length=64, help_text="Of the server's key.")
    bundle = models.TextField()
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "fingerprint"], name="signed_once_by_a_key"),
        ]
