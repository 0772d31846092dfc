"""Files on their way: what of one has come already, sealed part by part."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from governance.models import User
from registry.models.blobs import Blob
from registry.models.versions import Version


class UploadQuerySet(models.QuerySet["Upload"]):
    def visible_to(self, person: User) -> Self:
        """One's own, of versions that one sees."""
        return self.filter(added_by=person, version__in=Version.objects.visible_to(person))


class Upload(models.Model):
    """One file that comes in pieces into a draft. `sha256` is what it shall be, where its sender knows that;
    `mark` tells it from others of its size where they do not. `done` is the SHA-256 of what came, once all
    of it is in the draft."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="uploads")
    path = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, blank=True)
    mark = models.CharField(max_length=64, blank=True)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    received = models.PositiveBigIntegerField(default=0)
    done = models.CharField(max_length=64, blank=True)
    touched_at = models.DateTimeField(default=timezone.now)

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(fields=["version", "path"], name="one_upload_of_a_path"),
            models.CheckConstraint(condition=Q(received__lte=F("size")), name="no_more_than_announced"),
        ]
        indexes = [models.Index(fields=["touched_at"], name="upload_by_age")]


class Part(models.Model):
    """The bytes of an upload from `start` on, sealed like any others."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="parts")
    start = models.PositiveBigIntegerField()
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="parts")

    class Meta:
        ordering = ["start"]
        constraints = [models.UniqueConstraint(fields=["upload", "start"], name="one_part_from_a_place")]
