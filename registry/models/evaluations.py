"""Evaluations: a model that was scored here on a dataset version, and what came of it, for good."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from governance.models import Team, User
from registry.models.versions import Version

UNSEEN = "a dataset that is gone, or that you may not see"


class EvaluationQuerySet(models.QuerySet["Evaluation"]):
    def visible_to(self, person: User) -> Self:
        """Who sees the version sees how it did. What quotes the table takes seeing the dataset, too."""
        return self.filter(version__in=Version.objects.visible_to(person))

    def told_to(self, person: User) -> Self:
        """With `data_seen`: whether somebody sees the dataset version, and so may read what it is called."""
        seen = Version.objects.visible_to(person).filter(pk=OuterRef("dataset"))
        return self.annotate(data_seen=Exists(seen))

    def done(self) -> Self:
        return self.filter(outcome="done")

    def waiting(self) -> Self:
        return self.filter(finished_at=None)


class Evaluation(models.Model):
    """`asked` is what was to be measured: target, positive class, threshold and so on. `measured` quotes no
    value of the table; `sealed`, under the key of the table's file, does. `bundle` is this server's signature
    over both and over the digests of model and data. A trigger refuses any change once it has ended; where
    the dataset is gone for good, only its row is let go of."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="evaluations")
    model_path = models.CharField(max_length=255)
    model_sha256 = models.CharField(max_length=64)
    dataset = models.ForeignKey(Version, null=True, on_delete=models.SET_NULL, related_name="scored")
    dataset_label = models.CharField(max_length=400)
    dataset_digest = models.CharField(max_length=64)
    table_path = models.CharField(max_length=255)
    table_sha256 = models.CharField(max_length=64)
    asked = models.JSONField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    rows = models.PositiveBigIntegerField(default=0, help_text="Scored so far.")
    finished_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, blank=True, default="")
    error = models.TextField(blank=True, default="")
    measured = models.JSONField(null=True, blank=True)
    sealed = models.BinaryField(null=True, blank=True)
    bundle = models.TextField(blank=True, default="")

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(finished_at=None, outcome="", measured__isnull=True, bundle="")
                | (
                    Q(finished_at__isnull=False, outcome="failed", measured__isnull=True, bundle="")
                    & ~Q(error="")
                )
                | (
                    Q(finished_at__isnull=False, outcome="done", error="", measured__isnull=False)
                    & ~Q(bundle="")
                ),
                name="an_evaluation_is_done_or_failed",
            ),
        ]
        indexes = [
            models.Index(fields=["asked_at"], condition=Q(finished_at=None), name="evaluation_waiting"),
            models.Index(fields=["dataset_digest", "version"], name="evaluation_by_data"),
        ]

    @property
    def team(self) -> Team:
        return self.version.team

    @property
    def label(self) -> str:
        return f"{self.version.label}/evaluations/{self.pk}"

    @property
    def seen(self) -> bool:
        """Of rows that were `told_to` somebody; else nobody sees the data."""
        return bool(getattr(self, "data_seen", False))

    @property
    def called(self) -> str:
        """The dataset version by its label, for who sees it."""
        return self.dataset_label if self.seen else UNSEEN

    @property
    def in_events(self) -> str:
        """The label of the data, but of what is restricted its digest: others read the trail of the model."""
        is_open = self.dataset is not None and not self.dataset.artifact.restricted
        return self.dataset_label if is_open else f"data {self.dataset_digest[:16]}"

    @property
    def part(self) -> str:
        return str(self.asked.get("part", ""))

    @property
    def metrics(self) -> dict[str, float]:
        found: dict[str, Any] = self.measured or {}
        return dict(found.get("metrics", {}))
