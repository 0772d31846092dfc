"""The weekly review of a team: what it may want to clean up, as it was proposed."""

from __future__ import annotations

from typing import Self

from django.db import models

from governance import access
from governance.models.people import Team, User


class ReviewQuerySet(models.QuerySet["Review"]):
    def visible_to(self, person: User) -> Self:
        """Who reads a team's trail reads its review."""
        return self.filter(team__in=access.teams(person, "event.view"))


class Review(models.Model):
    """`proposals` holds a kind for each group: `title`, `count` as it is read, and `entries`, each a sentence
    and the label of what it is about."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="reviews")
    week = models.DateField(help_text="Its Monday.")
    made_at = models.DateTimeField()
    proposals = models.JSONField(default=list)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-week"]
        constraints = [models.UniqueConstraint(fields=["team", "week"], name="one_review_a_week")]

    @property
    def label(self) -> str:
        return f"{self.team.label}/review"
