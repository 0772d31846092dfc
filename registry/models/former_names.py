"""What artifacts were called before: each such name leads to what it names now, and nobody else gets it."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower

from governance.models import Team
from registry.models.artifacts import Artifact, Kind, label_of


class FormerName(models.Model):
    """A name that an artifact had. Events stand under it for good."""

    artifact = models.ForeignKey(Artifact, on_delete=models.CASCADE, related_name="former_names")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=100)
    until = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("team", "kind", Lower("name"), name="one_former_name_whatever_its_case"),
        ]

    @property
    def label(self) -> str:
        return label_of(self.kind, self.team.slug, self.name)
