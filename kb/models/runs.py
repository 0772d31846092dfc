"""Runs: one execution of a playbook. What of it is done is worked out from the registry, never stored."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from governance import access
from governance.models import Team, User
from governance.names import check_text
from kb.models.glass import Glass
from kb.models.playbooks import PlaybookVersion

TAKES_PART = frozenset({"run.put", "run.comment", "run.follow_up", "run.followed_up"})
"""What who is named in a confidential run does in it, whatever their role or team."""


class RunQuerySet(models.QuerySet["Run"]):
    def visible_to(self, person: User) -> Self:
        """A team's runs its members see, but for those about what is kept from them; a confidential one who
        is named in it, an administrator who was let in for a day, and nobody else whatever their role."""
        named = RunPerson.objects.filter(run=OuterRef("pk"), user=person.pk)
        let_in = Glass.objects.open().filter(run=OuterRef("pk"), asked_by=person.pk)
        let_in = let_in if access.administers(person) else let_in.none()
        shared = Q(confidential=False, team__in=access.teams(person, "run.view"))
        only = access.bound(person)
        within = Q() if only is None else Q(team=only)
        seen = shared | (Q(confidential=True) & (Q(Exists(named)) | Q(Exists(let_in))) & within)
        return self.filter(seen).exclude(access.hidden(person, "subject"))

    def open(self) -> Self:
        return self.filter(closed_at=None)


class Run(models.Model):
    """`subject` is the label of what it is about and `digest` that of its bytes when it began. `told` are the
    steps that were finished when people were last told: only a memory of what was said."""

    playbook = models.ForeignKey(PlaybookVersion, on_delete=models.PROTECT, related_name="runs")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="runs")
    subject = models.CharField(max_length=400)
    digest = models.CharField(max_length=64, blank=True)
    note = models.TextField(blank=True, max_length=2000, validators=[check_text])
    confidential = models.BooleanField(default=False)
    trigger = models.CharField(max_length=300, blank=True, help_text="What started it, so that it does once.")
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(auto_now_add=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(
        max_length=10,
        blank=True,
        choices=[("done", "done"), ("cancelled", "cancelled"), ("passed", "passed")],
        help_text="Why it is closed, passed when what started it has passed; empty while it is open.",
    )
    reason = models.TextField(blank=True, max_length=2000, validators=[check_text])
    told = models.JSONField(default=list, blank=True)
    stirred = models.BooleanField(
        default=False, db_default=False, help_text="Whether to look at what is proved."
    )

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="") | (~Q(outcome="") & Q(closed_at__isnull=False)),
                name="a_run_is_closed_with_an_outcome",
            ),
            models.UniqueConstraint(
                fields=["trigger"],
                condition=Q(closed_at=None) & ~Q(trigger=""),
                name="one_open_run_of_a_trigger",
            ),
        ]
        indexes = [
            models.Index(fields=["subject"], condition=Q(closed_at=None), name="run_open_by_subject"),
            models.Index(fields=["subject", "-id"], name="run_by_subject"),
            models.Index(fields=["team", "-id"], name="run_by_team"),
            models.Index(fields=["id"], condition=Q(closed_at=None, stirred=True), name="run_stirred"),
        ]

    @property
    def label(self) -> str:
        return f"runs/{self.pk}"

    def lets(self, person: User, action: str) -> bool:
        """Whether somebody takes part whatever their role in the team: parties may be of another one."""
        named = self.confidential and action in TAKES_PART
        return named and self.people.filter(user=person.pk).exists()

    @property
    def state(self) -> str:
        """open, paused, done, cancelled or passed."""
        return self.outcome or ("paused" if self.paused_at else "open")


class RunPerson(models.Model):
    """Who does what in a run: somebody in one of the playbook's roles."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="people")
    role = models.CharField(max_length=30)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["run", "role", "user"], name="one_part_of_a_person_in_a_run"),
        ]
        indexes = [models.Index(fields=["user", "run"], name="run_by_person")]


class EntryQuerySet(models.QuerySet["Entry"]):
    def visible_to(self, person: User) -> Self:
        """Who sees the run sees what was written into it, but for what binds something kept from them."""
        seen = self.filter(run__in=Run.objects.visible_to(person))
        return seen.exclude(access.hidden(person, "label"))


class Entry(models.Model):
    """One thing that somebody put into a run; it stays as it is. Of several for one need the newest counts.
    `need` is the place of what it is for among what its step asks for."""

    STATEMENT, NUMBER, CHOICE, BIND, ACCEPT = "statement", "number", "choice", "bind", "accept"
    WAIVER, COMMENT, CHANGE = "waiver", "comment", "change"
    KINDS = (STATEMENT, NUMBER, CHOICE, BIND, ACCEPT, WAIVER, COMMENT, CHANGE)

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="entries")
    kind = models.CharField(max_length=12, choices=[(kind, kind) for kind in KINDS])
    step = models.CharField(max_length=60, blank=True)
    need = models.PositiveSmallIntegerField(null=True, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    text = models.TextField(blank=True, max_length=5000, validators=[check_text])
    number = models.FloatField(null=True, blank=True)
    label = models.CharField(max_length=400, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="waiver") | (Q(ends_at__gt=F("at")) & ~Q(text="")),
                name="a_step_is_waived_for_a_reason_until_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(kind="number") | Q(number__isnull=False), name="a_number_is_a_number"
            ),
        ]
        indexes = [
            models.Index(fields=["run", "id"], name="entry_by_run"),
            models.Index(
                fields=["label"],
                condition=Q(kind="bind"),
                name="entry_bound_by_label",
                opclasses=["varchar_pattern_ops"],
            ),
        ]
