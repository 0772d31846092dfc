"""Names that a team knows: classes of its own, which no list of ours can hold."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import OuterRef, Q

from governance import access
from governance.models import Team, User
from governance.names import check_text
from registry.models.versions import of_no_author

CHECK = "pickle_imports"


class KnownNameQuerySet(models.QuerySet["KnownName"]):
    def visible_to(self, person: User) -> Self:
        return self.filter(team__in=access.teams(person, "version.view"))

    def in_force(self) -> Self:
        return self.filter(ended_at=None)


class KnownName(models.Model):
    """One exact dotted name that loading may use in this team's files. It covers what would be high as
    unknown, never what is known to be dangerous, and no version into which who added it put something."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="known_names")
    name = models.CharField(max_length=200)
    reason = models.TextField(max_length=2000, validators=[check_text])
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = KnownNameQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["team", "name"], condition=Q(ended_at=None), name="a_team_knows_a_name_once"
            ),
        ]

    @property
    def label(self) -> str:
        return f"{self.team.label}/names/{self.pk}"


def covering_names() -> models.QuerySet[KnownName]:
    """Those that cover the finding around this query."""
    return KnownName.objects.in_force().filter(
        of_no_author("added_by"),
        team=OuterRef("version__artifact__team"),
        name=OuterRef("name"),
    )
