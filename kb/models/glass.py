"""Who asked to look into a confidential run, and who let them: it takes two people, and ends by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from governance import access
from governance.models import Team, User
from governance.names import check_text

LASTS = timedelta(hours=24)


class GlassQuerySet(models.QuerySet["Glass"]):
    def visible_to(self, person: User) -> Self:
        """Site administrators, who ask, and those of the team who may say yes."""
        if access.administers(person):
            return self
        return self.filter(run__team__in=access.teams(person, "glass.confirm"))

    def waiting(self) -> Self:
        return self.filter(opened_at=None, refused_at=None)

    def open(self) -> Self:
        return self.filter(ends_at__gt=Now())


class Glass(models.Model):
    """`opened_by` is the second person. Once `ends_at` is over nobody sees anything by it."""

    run = models.ForeignKey("kb.Run", on_delete=models.PROTECT, related_name="glasses")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(max_length=2000, validators=[check_text])
    at = models.DateTimeField(auto_now_add=True)
    opened_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    refused_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    refused_at = models.DateTimeField(null=True, blank=True)

    objects = GlassQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opened_by=None, opened_at=None, ends_at=None)
                | (
                    Q(opened_by__isnull=False, ends_at__lte=F("opened_at") + LASTS, refused_at=None)
                    & ~Q(opened_by=F("asked_by"))
                ),
                name="a_glass_is_opened_by_another_for_a_day",
            ),
            models.UniqueConstraint(
                fields=["run"], condition=Q(opened_at=None, refused_at=None), name="one_glass_waits_for_a_run"
            ),
        ]

    @property
    def team(self) -> Team:
        return self.run.team

    @property
    def label(self) -> str:
        return f"glass/{self.pk}"
