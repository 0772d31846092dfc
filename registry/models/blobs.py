"""Blobs: the sealed bytes of one file, stored once for each team."""

from __future__ import annotations

from django.db import models

from governance.models import Team


class Blob(models.Model):
    """`name` is random; `sha256` and `size` are of the plain content; the data key is wrapped."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    name = models.CharField(max_length=32, unique=True)
    key_version = models.PositiveIntegerField()
    wrapped_key = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "sha256"], name="one_blob_per_content_in_a_team"),
        ]
        indexes = [models.Index(fields=["key_version", "id"], name="blob_by_key_version")]

    @property
    def label(self) -> str:
        return f"blobs/{self.name}"
