"""Incidents: what blocks in a version that a protected alias points at."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from governance.models import Team, User
from registry.models.versions import Version


class IncidentQuerySet(models.QuerySet["Incident"]):
    def visible_to(self, person: User) -> Self:
        """Who sees the version sees what is the matter with it."""
        return self.filter(version__in=Version.objects.visible_to(person))

    def open(self) -> Self:
        return self.filter(closed_at=None)


class Incident(models.Model):
    """From when on something that blocked was in use, and until when. `findings` are the names of what
    blocks, as JSON, the worst first; of one that is closed, of what blocked last. It opens and closes by
    itself: see registry/incidents.py."""

    class How(models.TextChoices):
        CURED = "cured", "nothing is found any more"
        WAIVED = "waived", "what was found is waived or known"
        MOVED = "moved", "the alias points elsewhere"
        WITHDRAWN = "withdrawn", "the version is withdrawn"

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="incidents")
    alias = models.CharField(max_length=60)
    findings = models.JSONField()
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    how = models.CharField(
        max_length=10, blank=True, choices=How.choices, help_text="Why it is closed; empty while it is open."
    )

    objects = IncidentQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "alias"], condition=Q(closed_at=None), name="one_open_incident_of_an_alias"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, how="") | (Q(closed_at__isnull=False) & ~Q(how="")),
                name="an_incident_is_closed_for_a_reason",
            ),
        ]

    @property
    def team(self) -> Team:
        return self.version.team
