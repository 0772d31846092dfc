"""What checks said: one result for each file and check, the findings, and the waivers of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone

from governance import access
from governance.models import Team, User
from governance.names import check_text
from registry.checks import CHECKS
from registry.models import names
from registry.models.artifacts import Artifact
from registry.models.grants import inside
from registry.models.versions import File, Version, of_no_author


class Severity(models.IntegerChoices):
    """The first two block."""

    CRITICAL = 4, "critical"
    HIGH = 3, "high"
    MEDIUM = 2, "medium"
    LOW = 1, "low"
    INFO = 0, "info"


BLOCKING = Severity.HIGH


class CheckResult(models.Model):
    """How one check went on one file. The last finished outcome counts until a newer one is in."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="results")
    file = models.ForeignKey(File, on_delete=models.CASCADE, related_name="results")
    check_name = models.CharField(max_length=60)
    outcome = models.CharField(
        max_length=10,
        blank=True,
        choices=[("done", "done"), ("failed", "failed")],
        help_text="Empty: not yet.",
    )
    error = models.TextField(blank=True)
    fact = models.JSONField(null=True, blank=True)
    engine_version = models.CharField(
        max_length=16, blank=True, default="", db_default="", help_text="Of the code by which it judged."
    )
    list_version = models.CharField(
        max_length=16, blank=True, default="", db_default="", help_text="Of the lists by which it judged."
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(
        null=True, blank=True, help_text="When it last was done: a failure later on takes nothing back."
    )
    seconds = models.FloatField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "check_name"], name="one_result_per_file_and_check"),
        ]
        indexes = [
            models.Index(fields=["asked_at"], condition=~Q(outcome="done"), name="result_not_done"),
            models.Index(fields=["version", "outcome"], name="result_by_version"),
            models.Index(fields=["version"], condition=~Q(outcome="done"), name="result_unfinished"),
        ]


class FindingQuerySet(models.QuerySet["Finding"]):
    def visible_to(self, person: User) -> Self:
        """Who sees the version sees what was found in it."""
        return self.filter(version__in=Version.objects.visible_to(person))

    def open(self) -> Self:
        return self.filter(closed_at=None)

    def with_waived(self) -> Self:
        """Annotate `waived_now`: whether a waiver in force covers it, or a name that the team knows."""
        return self.annotate(waived_now=covered())

    def said_alike(self) -> Self:
        """Of checks of bytes, with a name that says what is the matter: twice at one path it is one thing.
        What looks at quality names columns and records instead, and says something else of each."""
        return self.filter(check_name__in=list(CHECKS)).exclude(name__in=["", Finding.NOT_FINISHED])

    def blocking(self) -> Self:
        """Open, critical or high, and not waived."""
        return self.open().filter(~covered(), severity__gte=BLOCKING)


def covered() -> Q:
    """What is high because nobody knows its name is covered by whoever does; the rest by waivers alone."""
    unknown = Q(check_name=names.CHECK, severity=Severity.HIGH)
    return Q(Exists(covering_waivers())) | unknown & Q(Exists(names.covering_names()))


def covering_waivers() -> models.QuerySet[Waiver]:
    """Those of the same artifact, check, name and path, in force, for no lower a severity, and of nobody
    who put something into the version: that would be deciding on one's own work."""
    return Waiver.objects.in_force().filter(
        of_no_author("by"),
        artifact=OuterRef("version__artifact"),
        check_name=OuterRef("check_name"),
        name=OuterRef("name"),
        path=OuterRef("path"),
        severity__gte=OuterRef("severity"),
    )


def twins(findings: Iterable[Finding]) -> list[Finding]:
    """Open findings of other checks that say the same of the same path, in the same version."""
    known = {finding.pk: whole_name(finding) for finding in findings if finding.check_name in CHECKS}
    if not known:
        return []
    asked: dict[str, set[Any]] = {"version__in": set(), "path__in": set(), "name__in": set()}
    for version, path, name in known.values():
        asked["version__in"].add(version)
        asked["path__in"].add(path)
        asked["name__in"].add(name)
    rows = Finding.objects.open().said_alike().filter(**asked).exclude(pk__in=known)
    names = set(known.values())
    alike = rows.select_related("version__artifact__team", "version__added_by").order_by("check_name")
    return [row for row in alike if whole_name(row) in names]


def whole_name(finding: Finding) -> tuple[int, str, str]:
    """What it is about, whichever check says so."""
    return finding.version_id, finding.path, finding.name


class Finding(models.Model):
    """An issue, stored. `name` is what stays the same from run to run; `place` is where in the file."""

    NOT_FINISHED = "not_finished"
    """The name of what says that a check failed, which is nothing that was found."""

    # Found by `one_finding_of_a_path_name_and_check`, as by an index of the version alone.
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="findings", db_index=False)
    check_name = models.CharField(max_length=60)
    path = models.CharField(max_length=255)
    name = models.CharField(max_length=200)
    place = models.CharField(max_length=200, blank=True)
    severity = models.PositiveSmallIntegerField(choices=Severity.choices)
    message = models.TextField()
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["-severity", "path", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "path", "name", "check_name"], name="one_finding_of_a_path_name_and_check"
            ),
        ]
        indexes = [
            models.Index(fields=["version", "severity"], condition=Q(closed_at=None), name="finding_open"),
            models.Index(fields=["severity", "id"], condition=Q(severity__gt=0), name="finding_of_the_board"),
            models.Index(
                fields=["severity", "version"], condition=Q(closed_at=None), name="finding_by_severity"
            ),
        ]

    @property
    def team(self) -> Team:
        return self.version.team

    @property
    def label(self) -> str:
        return f"{self.version.label}/findings/{self.pk}"

    @property
    def severity_word(self) -> str:
        return Severity(self.severity).label

    @property
    def can_be_known(self) -> bool:
        """Whether it is about a name that nobody knows: critical is what is known to be dangerous, whoever
        says that it is theirs."""
        return self.check_name == names.CHECK and self.severity == Severity.HIGH and "." in self.name

    @property
    def waived(self) -> bool:
        if "waived_now" in self.__dict__:
            return bool(self.__dict__["waived_now"])
        return Finding.objects.filter(covered(), pk=self.pk).exists()


class WaiverQuerySet(models.QuerySet["Waiver"]):
    def visible_to(self, person: User) -> Self:
        team = Q(artifact__team__in=access.teams(person, "version.view"))
        return self.filter(team, inside(person, "artifact__")).of_what_is_there()

    def of_what_is_there(self) -> Self:
        """Without those of what lies in the bin."""
        return self.filter(artifact__deleted_at=None)

    def in_force(self) -> Self:
        return self.filter(ends_at__gt=Now())

    def over(self) -> Self:
        """Those whose end has come and is not on the record yet."""
        return self.of_what_is_there().filter(ended_at=None, ends_at__lte=Now())

    def ending(self, days: int) -> Self:
        """Those that end within so many days, still cover something, and nobody was told of it since; but
        none that was made within these days: whoever made it knows."""
        time = timedelta(days=days)
        covered = Finding.objects.open().filter(
            version__artifact=OuterRef("artifact"),
            check_name=OuterRef("check_name"),
            path=OuterRef("path"),
            name=OuterRef("name"),
        )
        untold = Q(told_days=None) | Q(told_days__gt=days)
        soon = self.in_force().filter(ends_at__lte=Now() + time, created_at__lt=F("ends_at") - time)
        return soon.of_what_is_there().filter(untold, Exists(covered))


class Waiver(models.Model):
    """An accepted finding: who, why, until when. It covers later versions with the same check, name and
    path into which who accepted it put nothing. One without an end cannot be stored."""

    artifact = models.ForeignKey(Artifact, on_delete=models.PROTECT, related_name="waivers")
    finding = models.ForeignKey(Finding, null=True, on_delete=models.SET_NULL, related_name="waivers")
    check_name = models.CharField(max_length=60)
    path = models.CharField(max_length=255)
    name = models.CharField(max_length=200)
    severity = models.PositiveSmallIntegerField(choices=Severity.choices)
    reason = models.TextField(max_length=2000, validators=[check_text])
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    ends_at = models.DateTimeField()
    told_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="How many days before its end people were last told."
    )
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When its end went on the record.")

    objects = WaiverQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["artifact", "check_name", "path", "name"], name="waiver_by_what_it_covers")
        ]

    @property
    def team(self) -> Team:
        return self.artifact.team
