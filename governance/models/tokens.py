"""Tokens: a program's key, shown once and kept as a hash."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from governance import access, scopes
from governance.models.people import Team, User
from governance.names import check_text


class TokenQuerySet(models.QuerySet["Token"]):
    def visible_to(self, person: User) -> Self:
        """One's own, and those of service accounts that one answers for. A token for one team sees those for
        the same team."""
        own = self.filter(models.Q(user=person) | models.Q(user__answered_by=person))
        team = access.bound(person)
        return own if team is None else own.filter(team=team)

    def usable(self) -> Self:
        return self.filter(revoked_at=None, expires_at__gt=Now(), user__is_active=True)


class Token(models.Model):
    """`digest` is the SHA-256 of the whole token: 256 random bits need no slow hash.

    It reaches as far as its owner, but at most into `team`, and beyond using and pushing only where one of
    `scopes.GROUPS` is true. What code of a release before made has all of them.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80, validators=[check_text])
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    team = models.ForeignKey(
        Team,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Empty for every team of its owner.",
    )
    made_by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Who knows it, when it is of a service account.",
    )
    approve = models.BooleanField(default=True, db_default=True)
    waive = models.BooleanField(default=True, db_default=True)
    manage = models.BooleanField(default=True, db_default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    @property
    def label(self) -> str:
        return f"users/{self.user.username}/tokens/{self.pk}"

    @property
    def groups(self) -> list[str]:
        """What was ticked, of `scopes.GROUPS`."""
        return [name for name, yes in zip(scopes.GROUPS, self.ticks, strict=True) if yes]

    @property
    def ticks(self) -> tuple[bool, bool, bool]:
        """The same, in their order."""
        return self.approve, self.waive, self.manage

    @property
    def reach(self) -> dict[str, str | bool | None]:
        """Where it may act, and what was ticked."""
        return {
            "team": self.team.slug if self.team else None,
            "approve": self.approve,
            "waive": self.waive,
            "manage": self.manage,
        }

    @property
    def stopped(self) -> bool:
        """Of a service account: while nobody with an active account answers for it, and while its maker, who
        knows it, could act by it in the name of somebody else who answers by now."""
        if self.user.answered_by_id is None:
            return False
        owner, maker = self.user.answered_by, self.made_by
        answered = owner is not None and owner.is_active
        return not answered or (maker is not None and maker != owner and maker.is_active)

    @property
    def state(self) -> str:
        """usable, stopped, expired or revoked."""
        if self.revoked_at:
            return "revoked"
        if self.expires_at <= timezone.now():
            return "expired"
        return "stopped" if self.stopped else "usable"
