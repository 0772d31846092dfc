"""Files that people put into a run as evidence: sealed, and checked before they prove anything."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from governance.models import Team, User
from kb.models.attachments import Attachment
from kb.models.runs import Run
from registry.models import Blob

MOST = 50  # of one run
LARGEST = 25 << 20  # bytes of one
LONGEST = 100  # characters of a name


class RunFileQuerySet(models.QuerySet["RunFile"]):
    def visible_to(self, person: User) -> Self:
        """Who sees the run sees that it is there; who may fetch it is another question."""
        return self.filter(run__in=Run.objects.visible_to(person))

    def waiting(self) -> Self:
        return self.filter(outcome="")


class RunFile(models.Model):
    """`issues` are what the checks said; without an outcome they have not finished."""

    CLEAN, BLOCKED, FAILED = Attachment.CLEAN, Attachment.BLOCKED, Attachment.FAILED

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="files")
    step = models.CharField(max_length=60)
    need = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=LONGEST)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(
        max_length=10, blank=True, choices=[(word, word) for word in (CLEAN, BLOCKED, FAILED)]
    )
    issues = models.JSONField(default=list, blank=True)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    objects = RunFileQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["added_at"], condition=Q(outcome=""), name="run_file_waiting")]

    @property
    def team(self) -> Team:
        return self.run.team

    @property
    def label(self) -> str:
        return f"{self.run.label}/files/{self.pk}"
