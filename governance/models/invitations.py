"""Invitations: somebody without an account is asked into a team, by a link that works once."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils import timezone

from governance import access
from governance.models.people import Team, User


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, person: User) -> Self:
        """Whoever may invite into a team sees whom others have invited."""
        if access.administers(person):
            return self
        return self.filter(team__in=access.teams(person, "invitation.add"))

    def open(self) -> Self:
        return self.filter(used_at=None, revoked_at=None, expires_at__gt=timezone.now())


class Invitation(models.Model):
    """The link is signed, not stored: whoever reads this row cannot use it."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    roles = models.JSONField()
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    @property
    def label(self) -> str:
        return f"{self.team.label}/invitations/{self.pk}"

    @property
    def state(self) -> str:
        """open, used, revoked or expired."""
        if self.used_at:
            return "used"
        if self.revoked_at:
            return "revoked"
        return "open" if self.expires_at > timezone.now() else "expired"
