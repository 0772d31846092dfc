"""Who may look into a restricted dataset: when it was restricted, and who was granted to read it until when.

A grant counts by its time: one whose end has come gives nothing, also before its end is on the record.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from governance import access
from governance.models import Team, User
from governance.names import check_text
from registry.models.artifacts import Artifact

MOST_DAYS = 365


class Restriction(models.Model):
    """A time in which a dataset was restricted; without `until` it still is."""

    artifact = models.ForeignKey(Artifact, on_delete=models.PROTECT, related_name="restrictions")
    since = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(max_length=2000, validators=[check_text])
    until = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    opened_because = models.TextField(blank=True, max_length=2000, validators=[check_text])

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["artifact"], condition=Q(until=None), name="a_dataset_is_restricted_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(until=None, opened_by=None, opened_because="")
                | (Q(until__isnull=False, opened_by__isnull=False) & ~Q(opened_because="")),
                name="a_dataset_is_opened_by_somebody",
            ),
        ]


class GrantQuerySet(models.QuerySet["Grant"]):
    def visible_to(self, person: User) -> Self:
        """Everybody sees their own; the owner, stewards and auditors see all of a dataset."""
        answers_for = Q(artifact__owner=person.pk) | Q(artifact__team__in=access.teams(person, "event.view"))
        inside = Q(artifact__team__in=access.teams(person, "release.view"))
        return self.of_what_is_there().filter(inside, Q(person=person.pk) | answers_for)

    def of_what_is_there(self) -> Self:
        """Without those of what lies in the bin."""
        return self.filter(artifact__deleted_at=None)

    def waiting(self) -> Self:
        """Those that nobody has decided on."""
        return self.filter(outcome="")

    def live(self) -> Self:
        return self.filter(outcome="granted", ended_at=None, ends_at__gt=Now())

    def over(self) -> Self:
        """Those whose end has come and is not on the record yet."""
        return self.of_what_is_there().filter(outcome="granted", ended_at=None, ends_at__lte=Now())

    def ending(self, days: int) -> Self:
        """Those that end within so many days and of which nobody was told; but none that was granted within
        these days: its end is known."""
        time = timedelta(days=days)
        soon = self.live().filter(ends_at__lte=Now() + time, decided_at__lt=F("ends_at") - time)
        return soon.of_what_is_there().filter(told_days=None, artifact__restricted=True)

    def held(self, start: datetime, end: datetime) -> Self:
        """Those that gave their person something at some moment from start to end, both included."""
        unended = Q(ended_at=None) | Q(ended_at__gt=start)
        return self.filter(unended, outcome="granted", decided_at__lte=end, ends_at__gt=start)


class Grant(models.Model):
    """Somebody's right to read one restricted dataset: asked for, decided by somebody else, with an end.
    One without an end cannot be stored."""

    artifact = models.ForeignKey(Artifact, on_delete=models.PROTECT, related_name="grants")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    purpose = models.TextField(max_length=2000, validators=[check_text])
    ends_at = models.DateTimeField()
    answered_by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Who answered for the service account that asked, then.",
    )
    requested_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(
        max_length=10,
        blank=True,
        choices=[("granted", "granted"), ("rejected", "rejected"), ("void", "void")],
        help_text="What was decided; empty while nobody has.",
    )
    note = models.TextField(blank=True, max_length=2000, validators=[check_text])
    told_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="How many days before its end people were told."
    )
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When its end went on the record.")
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    end_reason = models.TextField(blank=True, max_length=2000, validators=[check_text])

    objects = GrantQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["artifact", "person"], condition=Q(outcome=""), name="a_grant_is_asked_for_once"
            ),
            models.UniqueConstraint(
                fields=["artifact", "person"],
                condition=Q(outcome="granted", ended_at=None),
                name="one_grant_for_each_person",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__lte=F("requested_at") + timedelta(days=MOST_DAYS + 1)),
                name="a_grant_ends_within_a_year",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", decided_at=None, decided_by=None)
                | (~Q(outcome="") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="a_grant_is_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="granted", decided_by=F("person"))
                & ~Q(outcome="granted", answered_by__isnull=False, decided_by=F("answered_by")),
                name="nobody_grants_to_themselves",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None)
                | Q(outcome="granted", ended_at__isnull=False, ended_by__isnull=False),
                name="what_was_granted_is_ended_by_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["person", "artifact"],
                condition=Q(outcome="granted", ended_at=None),
                name="grant_held",
            ),
            models.Index(
                fields=["ends_at"], condition=Q(outcome="granted", ended_at=None), name="grant_by_its_end"
            ),
        ]

    @property
    def team(self) -> Team:
        return self.artifact.team

    @property
    def team_id(self) -> int:
        return self.artifact.team_id

    @property
    def askers(self) -> set[int]:
        """The keys of who asked and, of a service account, of who answered for it then and does now: that one
        would read by it."""
        return {self.answered_by_id or self.person_id, *self.person.counts_as}

    @property
    def by_roles(self) -> Sequence[str]:
        """Whose yes counts, beside that of the owner."""
        return ("steward",)

    @property
    def label(self) -> str:
        return f"{self.artifact.label}/grants/{self.pk}"

    @property
    def state(self) -> str:
        """waiting, live, ended, rejected or void."""
        if self.outcome != "granted":
            return self.outcome or "waiting"
        return "live" if self.ended_at is None and self.ends_at > timezone.now() else "ended"


def inside(person: User, artifact: str = "") -> Q:
    """The condition under which somebody may look into an artifact, whatever their role lets them see:
    it is open, or theirs, or they hold a grant. `artifact` is the way to it, such as "artifact__"."""
    held = Grant.objects.live().filter(person=person.pk).values("artifact")
    is_open, own = Q(**{f"{artifact}restricted": False}), Q(**{f"{artifact}owner": person.pk})
    return is_open | own | Q(**{f"{artifact or 'pk__'}in": held})
