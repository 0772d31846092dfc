"""Records: declared evidence of a version. What was declared stays as it was; it may be withdrawn."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from governance.models import Team, User
from governance.names import check_text
from registry.models.versions import Version


class RecordQuerySet(models.QuerySet["Record"]):
    def visible_to(self, person: User) -> Self:
        """Who sees the version sees what was declared about it."""
        return self.filter(version__in=Version.objects.visible_to(person))

    def standing(self) -> Self:
        return self.filter(withdrawn_at=None)


class Record(models.Model):
    """What one person declared, by the schema of its kind. `digest` covers kind and data; `dataset_digest` is
    that of the dataset version that the data names, when it was declared, if that is a frozen one here. A
    trigger refuses any change of it but that it is withdrawn, once."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="records")
    kind = models.CharField(max_length=20)
    data = models.JSONField()
    digest = models.CharField(max_length=64)
    dataset_digest = models.CharField(max_length=64, blank=True, default="", db_default="")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(
        blank=True, max_length=2000, validators=[check_text], help_text="Why it was withdrawn."
    )

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "digest"],
                condition=Q(withdrawn_at=None),
                name="one_record_of_a_digest_stands",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None, reason="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(reason="")),
                name="a_record_is_withdrawn_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["version", "kind", "-id"], name="record_by_kind")]

    @property
    def team(self) -> Team:
        return self.version.team

    @property
    def label(self) -> str:
        return f"{self.version.label}/records/{self.pk}"

    @property
    def stands(self) -> bool:
        return self.withdrawn_at is None
