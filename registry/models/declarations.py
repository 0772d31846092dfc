"""Declarations: what people say about the columns of a dataset, which no byte tells. Each is a row, and the
newest one holds, for every version."""

from __future__ import annotations

from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from governance import access
from governance.models import Team, User
from governance.names import check_text
from registry.models.artifacts import Artifact
from registry.models.grants import inside
from registry.quality import Declared

COLUMN = 200
ONE = ("target", "split", "group", "time", "source")
MANY = ("personal", "quasi_identifiers", "formats")


def names(**options: Any) -> ArrayField[list[str], list[str]]:
    inner = models.CharField(max_length=COLUMN, validators=[check_text])
    return ArrayField(inner, default=list, blank=True, size=100, **options)


class DeclarationQuerySet(models.QuerySet["Declaration"]):
    def visible_to(self, person: User) -> Self:
        """Who sees the versions of the dataset."""
        seen = self.filter(artifact__team__in=access.teams(person, "version.view"), artifact__deleted_at=None)
        return seen.filter(inside(person, "artifact__"))


class Declaration(models.Model):
    """Names of columns, by what they are."""

    artifact = models.ForeignKey(Artifact, on_delete=models.CASCADE, related_name="declarations")
    number = models.PositiveIntegerField()
    target = models.CharField(max_length=COLUMN, blank=True, validators=[check_text])
    split = models.CharField(max_length=COLUMN, blank=True, validators=[check_text])
    group = models.CharField(max_length=COLUMN, blank=True, validators=[check_text])
    time = models.CharField(max_length=COLUMN, blank=True, validators=[check_text])
    source = models.CharField(max_length=COLUMN, blank=True, validators=[check_text])
    personal = names()
    quasi_identifiers = names()
    formats = names(db_default=[])
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = DeclarationQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["artifact", "number"], name="one_declaration_per_number"),
        ]

    @property
    def team(self) -> Team:
        return self.artifact.team

    @property
    def label(self) -> str:
        return f"{self.artifact.label}/declaration/{self.number}"

    def as_declared(self) -> Declared:
        return Declared(
            self.target,
            self.split,
            self.group,
            self.time,
            self.source,
            tuple(self.personal),
            tuple(self.quasi_identifiers),
            tuple(self.formats),
        )
