"""Playbooks as they were: the text of each version that a run pinned or a team wrote."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from governance import access
from governance.models import Team, User
from governance.names import check_text


class PlaybookVersionQuerySet(models.QuerySet["PlaybookVersion"]):
    def visible_to(self, person: User) -> Self:
        """What is shipped everybody sees, a team's own its members."""
        return self.filter(Q(team=None) | Q(team__in=access.teams(person, "run.view")))


class PlaybookVersion(models.Model):
    """One text of a playbook, never changed. Without a team it is one that was shipped; `based_on` is the
    digest of the shipped text that a team's own began from."""

    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="playbooks")
    code = models.CharField(max_length=20)
    number = models.PositiveIntegerField(default=0)
    text = models.TextField(max_length=200_000, validators=[check_text])
    digest = models.CharField(max_length=64)
    based_on = models.CharField(max_length=64, blank=True)
    note = models.CharField(max_length=500, blank=True, validators=[check_text])
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = PlaybookVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "digest"], condition=Q(team=None), name="one_shipped_text_of_a_digest"
            ),
            models.UniqueConstraint(
                fields=["team", "code", "number"],
                condition=Q(team__isnull=False),
                name="one_number_of_a_teams_playbook",
            ),
        ]

    @property
    def label(self) -> str:
        """A team's own is part of the team."""
        return f"{self.team.label}/playbooks/{self.code}" if self.team else f"playbooks/{self.code}"
