"""Inspections: when somebody last looked whether everything stored can still be read, and what was broken."""

from __future__ import annotations

from typing import Self

from django.db import models

from governance.templatetags.words import counted


class InspectionQuerySet(models.QuerySet["Inspection"]):
    def whole(self) -> Self:
        return self.exclude(finished_at=None)


class Inspection(models.Model):
    """One look at a slice: `at_blob` and `at_version` are the keys up to which it has got, so that one that
    was cut off goes on. `troubles` are sentences, each with the label of what is broken."""

    slice = models.PositiveSmallIntegerField(default=1)
    slices = models.PositiveSmallIntegerField(default=1)
    quick = models.BooleanField(default=False)
    at_blob = models.BigIntegerField(default=0)
    at_version = models.BigIntegerField(default=0)
    blobs = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    versions = models.PositiveIntegerField(default=0)
    strangers = models.PositiveIntegerField(default=0, help_text="Blobs without a row, older than the grace.")
    troubles = models.JSONField(default=list)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = InspectionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(slice__gte=1, slice__lte=models.F("slices")), name="a_slice_of_the_whole"
            ),
        ]

    @property
    def sentence(self) -> str:
        part = "" if self.slices == 1 else f" of slice {self.slice} of {self.slices}"
        found = f"{len(self.troubles)} broken" if self.troubles else "nothing is broken"
        looked = f"{counted(self.blobs, 'file')} and {counted(self.versions, 'version')}{part} looked at"
        said = f"{looked}: {found}."
        if self.strangers:
            said += f" {counted(self.strangers, 'stored file')} without a row: the sweep removes what is old."
        return said
