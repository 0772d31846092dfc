"""The bin: what was deleted, and can be had back for a while. Nobody sees it anywhere else."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from governance import access
from governance.models import Team, User
from registry.models.artifacts import Artifact
from registry.models.versions import Version

KEPT = timedelta(days=30)


class DeletionQuerySet(models.QuerySet["Deletion"]):
    def visible_to(self, person: User) -> Self:
        """Those who may have it back: stewards all of it, others what they own or began."""
        theirs = Q(artifact__owner=person) | Q(version__added_by=person)
        all_of = Q(team__in=access.teams(person, "artifact.hold"))
        return self.filter(all_of | theirs, team__in=access.teams(person, "artifact.restore"))

    def over(self) -> Self:
        """What has been there for long enough; but in an archived team, where nobody could have it back, it
        waits until the team is at work again."""
        return self.filter(at__lte=Now() - KEPT, team__archived_at=None)

    def with_things(self) -> Self:
        return self.select_related("team", "by", "artifact__team", "version__artifact__team")


class Deletion(models.Model):
    """One artifact or one draft in the bin, until it is restored or purged."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    artifact = models.OneToOneField(Artifact, null=True, on_delete=models.CASCADE, related_name="deletion")
    version = models.OneToOneField(Version, null=True, on_delete=models.CASCADE, related_name="deletion")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = DeletionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(artifact=None, version__isnull=False) | Q(artifact__isnull=False, version=None),
                name="one_thing_was_deleted",
            ),
        ]

    @property
    def thing(self) -> Artifact | Version:
        found = self.version or self.artifact
        assert found is not None
        return found

    @property
    def whole(self) -> Artifact:
        """The artifact that it is, or is a draft of."""
        found = self.version.artifact if self.version else self.artifact
        assert found is not None
        return found

    @property
    def label(self) -> str:
        return self.thing.label

    @property
    def purged_at(self) -> datetime:
        """From when on it can be gone for good."""
        return self.at + KEPT

    @property
    def days_left(self) -> int:
        return max(0, -((timezone.now() - self.purged_at) // timedelta(days=1)))
