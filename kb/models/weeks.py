"""Which week of articles whom was told of: each once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Self

from django.db import models

from governance.models import User


class WeekQuerySet(models.QuerySet["Week"]):
    def visible_to(self, person: User) -> Self:
        return self.filter(person=person.pk)


class Week(models.Model):
    """Seven days from a Monday, for one person. What happened in them is looked up when it is read."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    begins = models.DateField()

    objects = WeekQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "begins"], name="one_week_of_a_person")]

    @property
    def label(self) -> str:
        return f"weeks/{self.pk}"

    @property
    def ends(self) -> date:
        """Its last day."""
        return self.begins + timedelta(days=6)

    @property
    def words(self) -> str:
        return f"{self.begins.day} {self.begins:%B} to {self.ends.day} {self.ends:%B}"
