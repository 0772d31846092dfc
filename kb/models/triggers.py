"""Triggers: what starts runs of a playbook by itself, and what each of them started."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q

from governance import access
from governance.models import Team, User
from governance.names import check_text
from kb.models.runs import Run

LONGEST_WINDOW, MOST_OPEN, MOST_DAYS = 24 * 30, 20, 365
MOST_STARS = 5
LABELS = RegexValidator(
    r"\A[A-Za-z0-9._/*-]*\Z", "Write a label, such as models/team/name; * stands for any part of it."
)


def few_stars(value: str) -> None:
    if value.count("*") > MOST_STARS:
        raise ValidationError(f"At most {MOST_STARS} stars stand in it.")


class TriggerQuerySet(models.QuerySet["Trigger"]):
    def visible_to(self, person: User) -> Self:
        """Who sees a team's runs sees what starts them, but for those about what is kept from them."""
        return self.filter(team__in=access.teams(person, "run.view")).exclude(access.hidden(person, "about"))

    def at_work(self) -> Self:
        return self.filter(on_at__isnull=False, held_at=None, team__archived_at=None)


class Trigger(models.Model):
    """Never changed but for being on: a new one takes its place. `about` is a pattern of the labels that it
    looks at, empty for all of the team's; for a schedule the very label that a run is begun about. One is
    `held` when it would start more than anybody can look at."""

    EVENT, CHECK, SCHEDULE = "event", "check", "schedule"
    KINDS = ((CHECK, "a failed check"), (EVENT, "an event"), (SCHEDULE, "a schedule"))

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="triggers")
    playbook = models.CharField(max_length=20)
    kind = models.CharField(max_length=10, choices=KINDS)
    action = models.CharField(max_length=60, blank=True)
    check_name = models.CharField(max_length=60, blank=True)
    about = models.CharField(max_length=400, blank=True, validators=[LABELS, few_stars])
    every_days = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)]
    )
    window_hours = models.PositiveSmallIntegerField(
        default=24, validators=[MinValueValidator(1), MaxValueValidator(LONGEST_WINDOW)]
    )
    most_open = models.PositiveSmallIntegerField(
        default=3, validators=[MinValueValidator(1), MaxValueValidator(MOST_OPEN)]
    )
    note = models.CharField(max_length=500, blank=True, validators=[check_text])
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    on_at = models.DateTimeField(null=True, blank=True)
    held_at = models.DateTimeField(null=True, blank=True)
    held_why = models.CharField(max_length=300, blank=True)

    objects = TriggerQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="event", check_name="", every_days=None) & ~Q(action="")
                | Q(kind="check", action="", every_days=None) & ~Q(check_name="")
                | Q(kind="schedule", action="", check_name="", every_days__gte=1) & ~Q(about=""),
                name="a_trigger_has_one_cause",
            ),
            models.CheckConstraint(
                condition=Q(held_at=None, held_why="") | (Q(held_at__isnull=False) & ~Q(held_why="")),
                name="a_trigger_is_held_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["team", "kind"], condition=Q(on_at__isnull=False), name="trigger_at_work")
        ]

    @property
    def label(self) -> str:
        return f"triggers/{self.pk}"

    @property
    def state(self) -> str:
        """off, on or held."""
        if self.on_at is None:
            return "off"
        return "held" if self.held_at else "on"

    @property
    def window(self) -> timedelta:
        """Within it, one run about one thing."""
        if self.every_days is not None:
            return timedelta(days=self.every_days)
        return timedelta(hours=self.window_hours)

    def window_of(self, at: datetime) -> int:
        """The number of the window that a moment lies in: those of a schedule are counted from when it was
        switched on."""
        since = self.on_at.timestamp() if self.every_days and self.on_at else 0.0
        return int((at.timestamp() - since) // self.window.total_seconds())


class TriggerPerson(models.Model):
    """Who takes which role of the playbook in the runs that are started."""

    trigger = models.ForeignKey(Trigger, on_delete=models.CASCADE, related_name="people")
    role = models.CharField(max_length=30)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["trigger", "role", "user"], name="one_part_in_a_trigger"),
        ]


class FiringQuerySet(models.QuerySet["Firing"]):
    def visible_to(self, person: User) -> Self:
        seen = self.filter(trigger__in=Trigger.objects.visible_to(person))
        return seen.exclude(access.hidden(person, "subject"))


class Firing(models.Model):
    """What a trigger started about one thing in one window, or why it started nothing. `passes` are how often
    the check that failed has passed in a row since; `passed_by` is the last event that was counted."""

    trigger = models.ForeignKey(Trigger, on_delete=models.PROTECT, related_name="firings")
    subject = models.CharField(max_length=400)
    window = models.BigIntegerField()
    at = models.DateTimeField(auto_now_add=True)
    event = models.BigIntegerField(null=True, blank=True)
    run = models.OneToOneField(
        Run, null=True, blank=True, on_delete=models.PROTECT, related_name="started_from"
    )
    said = models.CharField(max_length=300, blank=True)
    passes = models.PositiveSmallIntegerField(default=0)
    passed_at = models.DateTimeField(null=True, blank=True)
    passed_by = models.BigIntegerField(default=0)

    objects = FiringQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["trigger", "subject", "window"], name="one_firing_of_a_trigger_in_a_window"
            ),
            models.CheckConstraint(
                condition=Q(run__isnull=False, said="") | (Q(run=None) & ~Q(said="")),
                name="a_firing_has_a_run_or_says_why_not",
            ),
        ]
        indexes = [models.Index(fields=["trigger", "-at"], name="firing_by_time")]


def kept(trigger: Trigger) -> dict[str, Any]:
    """What of a trigger stands in the trail."""
    names = ("playbook", "kind", "action", "check_name", "about", "every_days", "window_hours", "most_open")
    return {name: value for name in names if (value := getattr(trigger, name)) not in ("", None)}
