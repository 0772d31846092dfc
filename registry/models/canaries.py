"""Rounds of canaries: when known-bad files were last sent through the checks, and which came back clean."""

from __future__ import annotations

from typing import Self

from django.db import models

from governance.once import once
from governance.prepared import prepared


class CanaryRoundQuerySet(models.QuerySet["CanaryRound"]):
    def finished(self) -> Self:
        return self.exclude(finished_at=None)


class CanaryRound(models.Model):
    """`missed` are the names of those that no check called bad; with one of them the scanner is blind."""

    asked_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    known = models.PositiveSmallIntegerField(default=0, help_text="How many there were.")
    missed = models.JSONField(default=list)

    objects = CanaryRoundQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]


@once
def missed_now() -> list[str]:
    """What the newest finished round did not catch; nothing before there is one."""
    return [name for missed in newest_missed() for name in missed]


@prepared
def newest_missed() -> models.QuerySet[CanaryRound, list[str]]:
    return CanaryRound.objects.finished().values_list("missed", flat=True)[:1]
