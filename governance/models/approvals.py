"""Approvals: people's yes or no to one action on one digest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThanOrEqual

from governance import access
from governance.models.people import Team, User
from governance.names import check_text


class ApprovalQuerySet(models.QuerySet["Approval"]):
    def visible_to(self, person: User) -> Self:
        seen = self.filter(team__in=access.teams(person, "approval.view"))
        return seen.exclude(access.hidden(person, "subject"))

    def open(self) -> Self:
        return self.filter(closed_at=None)

    def undecided(self) -> Self:
        """Open ones that have not been given as many approvals as are needed."""
        return self.open().exclude(enough())

    def approved(self) -> Self:
        """Open ones that have: they end when what they are about is promoted, or changes."""
        return self.open().filter(enough())


def enough() -> GreaterThanOrEqual:
    """As many have said yes as are needed."""
    yes = Vote.objects.filter(approval=OuterRef("pk"), yes=True).order_by().values("approval")
    given = Coalesce(Subquery(yes.annotate(number=Count("pk")).values("number")), 0)
    return GreaterThanOrEqual(given, F("needed"))


def stewards() -> list[str]:
    return ["steward"]


class Approval(models.Model):
    """Asked for one subject, one alias and one digest of evidence.

    `evidence` is what the digest was made of, so that a page can say what changed. It holds a label and
    no foreign key to its subject: the record outlives what it is about.
    """

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="approvals")
    subject = models.CharField(max_length=400, db_index=True)
    alias = models.CharField(max_length=60)
    digest = models.CharField(max_length=64)
    needed = models.PositiveSmallIntegerField(
        default=1, db_default=1, help_text="How many people have to say yes."
    )
    by_roles = ArrayField(
        models.CharField(max_length=30),
        default=stewards,
        db_default=["steward"],
        help_text="Whose yes counts: people with one of these roles.",
    )
    evidence = models.JSONField()
    note = models.TextField(blank=True, max_length=2000, validators=[check_text])
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    answered_by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Who answered for the service account that asked, then.",
    )
    requested_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(
        max_length=10,
        blank=True,
        choices=[
            ("rejected", "rejected"),
            ("void", "void"),
            ("used", "used"),
            ("withdrawn", "withdrawn"),
        ],
        help_text="Why it is closed; empty while it is open.",
    )

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "alias", "digest"],
                condition=models.Q(closed_at=None),
                name="asked_once_for_one_digest",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at=None, outcome="")
                | (~models.Q(outcome="") & ~models.Q(closed_at=None)),
                name="closed_for_a_reason",
            ),
        ]

    @property
    def label(self) -> str:
        return f"approvals/{self.pk}"

    @property
    def state(self) -> str:
        """open, approved, rejected, void, used or withdrawn."""
        return self.outcome or self.state_by(self.votes.all())

    def state_by(self, votes: Iterable[Vote]) -> str:
        """The same by votes that are known."""
        return self.outcome or ("approved" if sum(vote.yes for vote in votes) >= self.needed else "open")

    @property
    def askers(self) -> set[int]:
        """The keys of who asked and, of a service account, of who answered for it then."""
        return {self.requested_by_id, self.answered_by_id or self.requested_by_id}

    @property
    def given(self) -> int:
        """How many have said yes."""
        return sum(vote.yes for vote in self.votes.all())


class Vote(models.Model):
    """What one person said, for good."""

    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, related_name="votes")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    yes = models.BooleanField()
    note = models.TextField(blank=True, max_length=2000, validators=[check_text])
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["approval", "by"], name="a_person_votes_once")]
