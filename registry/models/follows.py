"""Who follows what: a person hears of what happens to an artifact that is not theirs."""

from __future__ import annotations

from typing import Self

from django.db import models

from governance.models import User
from registry.models.artifacts import Artifact


class FollowQuerySet(models.QuerySet["Follow"]):
    def visible_to(self, person: User) -> Self:
        """One's own, of what one still sees."""
        return self.filter(person=person, artifact__in=Artifact.objects.visible_to(person))


class Follow(models.Model):
    artifact = models.ForeignKey(Artifact, on_delete=models.CASCADE, related_name="follows")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="follows")
    since = models.DateTimeField(auto_now_add=True)

    objects = FollowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["artifact", "person"], name="one_follows_once"),
        ]
        indexes = [models.Index(fields=["person", "-id"], name="follow_by_person")]
