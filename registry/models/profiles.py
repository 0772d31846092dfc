"""Profiles: what a check measured in a file and quotes of it, sealed under the key of the file's blob."""

from __future__ import annotations

from django.db import models

from registry.models.versions import File


class Profile(models.Model):
    """The newest one of a file. Without the file's key nobody reads it, and with the file it is gone."""

    file = models.OneToOneField(File, on_delete=models.CASCADE, related_name="profile")
    sealed = models.BinaryField()
    made_at = models.DateTimeField(auto_now=True)
