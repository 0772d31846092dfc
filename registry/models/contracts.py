"""Contracts: what the tables of a dataset have to look like. Each is a row, and the newest one holds, for
every version; one without terms says that none holds any more."""

from __future__ import annotations

import json
from typing import Any, Self

from django.db import models

from governance import access
from governance.models import Team, User
from governance.names import check_text
from governance.once import once
from governance.prepared import prepared
from registry.models.artifacts import Artifact
from registry.models.grants import inside


class ContractQuerySet(models.QuerySet["Contract"]):
    def visible_to(self, person: User) -> Self:
        """Who sees the versions of the dataset."""
        seen = self.filter(artifact__team__in=access.teams(person, "version.view"), artifact__deleted_at=None)
        return seen.filter(inside(person, "artifact__"))


class Contract(models.Model):
    """`written` is JSON as a text: the database would sort its names, and the first table that fits holds."""

    artifact = models.ForeignKey(Artifact, on_delete=models.CASCADE, related_name="contracts")
    number = models.PositiveIntegerField()
    written = models.TextField(blank=True)
    note = models.CharField(max_length=500, blank=True, validators=[check_text])
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = ContractQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["artifact", "number"], name="one_contract_per_number"),
        ]

    @property
    def team(self) -> Team:
        return self.artifact.team

    @property
    def label(self) -> str:
        return f"{self.artifact.label}/contract/{self.number}"

    @property
    def terms(self) -> dict[str, Any] | None:
        """Nothing when it says that none holds."""
        found: dict[str, Any] | None = json.loads(self.written) if self.written else None
        return found


@once
def contract_of(artifact: Artifact) -> Contract | None:
    """The one that holds now."""
    newest = next(iter(newest_of(artifact=artifact.pk)), None)
    return newest if newest and newest.written else None


@prepared
def newest_of(*, artifact: Any) -> models.QuerySet[Contract]:
    return Contract.objects.filter(artifact=artifact).select_related("by").order_by("-number")[:1]
