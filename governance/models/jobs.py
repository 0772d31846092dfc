"""What jobs did and which of them pause. The jobs themselves are code."""

from __future__ import annotations

from typing import Self

from django.db import models

from governance import access
from governance.models.people import User
from governance.names import check_text
from governance.schedule import Job


def may_look(person: User) -> bool:
    """Jobs are the site's: its administrator sees them, and who answers for a team's record."""
    return access.administers(person) or bool(access.teams(person, "job.view"))


class JobRunQuerySet(models.QuerySet["JobRun"]):
    def visible_to(self, person: User) -> Self:
        return self if may_look(person) else self.none()

    def open(self) -> Self:
        return self.filter(outcome="")

    def of(self, job: Job) -> Self:
        return self.filter(job=job.name)


class JobRun(models.Model):
    """One turn of a job: planned, begun, ended. Begun, not ended and without who holds its lock is cut off.

    `due_at` is the turn of the clock, or the moment when somebody asked for it or it was tried again.
    """

    job = models.CharField(max_length=60)
    due_at = models.DateTimeField()
    planned_at = models.DateTimeField(auto_now_add=True)
    asked_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    attempt = models.PositiveSmallIntegerField(default=1)
    sent_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    seconds = models.FloatField(default=0)
    outcome = models.CharField(
        max_length=10,
        blank=True,
        choices=[(word, word) for word in ("done", "failed", "cut off", "skipped")],
        help_text="Empty: not yet.",
    )
    said = models.TextField(blank=True, help_text="What it changed, or why it was skipped.")
    error = models.TextField(blank=True)
    told_at = models.DateTimeField(
        null=True, blank=True, help_text="When administrators were told of the trouble that began here."
    )

    objects = JobRunQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["job", "due_at"], name="a_turn_comes_once"),
            models.UniqueConstraint(
                fields=["job"], condition=models.Q(outcome=""), name="one_open_run_for_each_job"
            ),
        ]
        indexes = [models.Index(fields=["job", "-id"], name="job_run_by_job")]

    @property
    def label(self) -> str:
        return f"jobs/{self.job}"

    @property
    def state(self) -> str:
        """waiting, running, done, failed, cut off or skipped."""
        return self.outcome or ("running" if self.started_at else "waiting")


class JobPause(models.Model):
    """A job that does not run by the clock for now."""

    job = models.CharField(max_length=60, unique=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    reason = models.TextField(max_length=2000, validators=[check_text])
