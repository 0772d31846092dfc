"""Triage: who looks after a finding and what they think of it, kept from version to version."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from governance import access
from governance.models import Team, User
from governance.names import check_text
from registry.models.artifacts import Artifact
from registry.models.grants import inside


class TriageQuerySet(models.QuerySet["Triage"]):
    def visible_to(self, person: User) -> Self:
        team = Q(artifact__team__in=access.teams(person, "version.view"))
        return self.filter(team, inside(person, "artifact__"))


class Triage(models.Model):
    """What people say of a finding of an artifact, known by check, path and name, so that a re-check or a
    later version finds it again. It opens no gate: that takes a waiver, which ends."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        IN_TRIAGE = "in-triage", "In triage"
        FALSE_POSITIVE = "false-positive", "False positive"

    artifact = models.ForeignKey(Artifact, on_delete=models.PROTECT, related_name="triages")
    check_name = models.CharField(max_length=60)
    path = models.CharField(max_length=255)
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=20, choices=State.choices, default=State.OPEN)
    assignee = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True, max_length=2000, validators=[check_text])
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    objects = TriageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["artifact", "check_name", "path", "name"], name="one_triage_of_a_finding"
            ),
        ]

    @property
    def team(self) -> Team:
        return self.artifact.team
