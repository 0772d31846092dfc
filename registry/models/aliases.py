"""Aliases: movable names of versions, and every move they made."""

from __future__ import annotations

from typing import Self

from django.db import models

from governance.models import Team, User
from governance.names import check_slug
from registry.models.gates import gates_of


class AliasQuerySet(models.QuerySet["Alias"]):
    def visible_to(self, person: User) -> Self:
        """Who sees the version sees which aliases point at it."""
        return self.filter(version__in=Version.objects.visible_to(person))


class Alias(models.Model):
    """Where a name points now."""

    artifact = models.ForeignKey("registry.Artifact", on_delete=models.PROTECT, related_name="aliases")
    name = models.CharField(max_length=60, validators=[check_slug])
    version = models.ForeignKey("registry.Version", on_delete=models.PROTECT, related_name="aliases")
    moved_at = models.DateTimeField()

    objects = AliasQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["artifact", "name"], name="an_alias_points_once")]

    @property
    def team(self) -> Team:
        return self.artifact.team

    @property
    def protected(self) -> bool:
        return self.name in gates_of(self.team)


class Move(models.Model):
    """One move of an alias. `protected` is noted as it was then: such a move released the version."""

    artifact = models.ForeignKey("registry.Artifact", on_delete=models.PROTECT, related_name="moves")
    alias = models.CharField(max_length=60)
    version = models.ForeignKey("registry.Version", on_delete=models.PROTECT, related_name="moves")
    before = models.ForeignKey("registry.Version", null=True, on_delete=models.PROTECT, related_name="+")
    protected = models.BooleanField()
    rollback = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["version"], condition=models.Q(protected=True), name="version_released"),
            models.Index(fields=["artifact"], condition=models.Q(protected=True), name="artifact_released"),
        ]


from registry.models.versions import Version  # noqa: E402  the two name each other
