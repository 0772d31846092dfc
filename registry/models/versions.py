"""Versions: one fixed set of files, with where they came from. State is worked out, never stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce, Lower
from django.db.models.lookups import Exact
from django.utils.functional import cached_property

from governance import access
from governance.models import Team, User
from governance.names import check_text
from governance.prepared import prepared
from registry.checks import CHECKS, for_kind
from registry.engines import engine_of
from registry.models.artifacts import Artifact, Kind
from registry.models.blobs import Blob
from registry.models.grants import inside

if TYPE_CHECKING:
    from registry.models.findings import CheckResult, Finding

# For four eyes it must not matter who answers for an account later.
ANSWERED = "Who answered for the service account that added it, then."
STATES = ("draft", "checking", "blocked", "ready")
# Rows of a version, looked up for each one by itself. With the equation alone PostgreSQL would rather read
# those of all versions into memory first: it does not know how few versions a page holds.
ITS_OWN: dict[str, Any] = {"version": OuterRef("pk"), "version__gte": OuterRef("pk")}


class VersionQuerySet(models.QuerySet["Version"]):
    def visible_to(self, person: User) -> Self:
        """Members see every version of their team, readers those that were released; of what is restricted
        its owner and who holds a grant."""
        whole = access.teams(person, "version.view")
        only_released = [team for team in access.teams(person, "release.view") if team not in whole]
        seen = Q(artifact__team__in=whole)
        if only_released:
            seen |= Q(artifact__team__in=only_released) & Q(Exists(released()))
        return self.filter(seen, inside(person, "artifact__"), deleted_at=None, artifact__deleted_at=None)

    def with_state(self, kind: Kind | None = None) -> Self:
        """Annotate what is worked out from rows: `state_now` (one of STATES) and `released_now`. PostgreSQL
        plans it sooner when all are of one known `kind`."""
        return self.alias(done=done_results(kind)).annotate(
            released_now=Exists(released()),
            state_now=Case(
                When(submitted_at=None, then=Value("draft")),
                When(withdrawn_at__isnull=False, then=Value("blocked")),
                When(Exists(failed_results()), then=Value("blocked")),
                When(done__lt=wanted_results(kind), then=Value("checking")),
                When(Exists(blocking_findings()), then=Value("blocked")),
                default=Value("ready"),
                output_field=models.CharField(),
            ),
        )

    def with_progress(self) -> Self:
        """Annotate `done_results`, the number of checks that have finished."""
        return self.annotate(done_results=done_results())

    def lacking_results(self) -> Self:
        """Frozen versions on which a check, or the code or the lists that it judges by today, have not even
        been asked for."""
        old = Q(pk__in=[])
        for check in CHECKS.values():
            other = ~Q(engine_version=engine_of(check)) | ~Q(list_version=check.list_version)
            old |= Q(other, check_name=check.name, finished_at__gte=F("asked_at"))
        return (
            self.exclude(submitted_at=None)
            .filter(artifact__deleted_at=None)
            .annotate(
                asked_results=Coalesce(Subquery(counted(results().exclude(old))), 0), wanted=wanted_results()
            )
            .filter(asked_results__lt=F("wanted"))
        )


def released() -> models.QuerySet[Move]:
    return Move.objects.filter(**ITS_OWN, protected=True)


@prepared
def state_of(kind: Kind, *, version: Any) -> models.QuerySet[Version, str]:
    """One of STATES, of a version of this kind."""
    rows: Any = Version.objects.filter(pk=version).with_state(kind)
    return rows.values_list("state_now", flat=True)  # type: ignore[no-any-return]


@prepared
def protected_moves(*, version: Any) -> models.QuerySet[Move, int]:
    """One of them is enough: each use of a version asks."""
    return Move.objects.filter(version=version, protected=True).order_by().values_list("pk", flat=True)[:1]


def failed_results() -> models.QuerySet[CheckResult]:
    return findings.CheckResult.objects.filter(**ITS_OWN, outcome="failed", check_name__in=list(CHECKS))


def blocking_findings() -> models.QuerySet[Finding]:
    return findings.Finding.objects.filter(**ITS_OWN).blocking()


def results(only: Kind | None = None) -> models.QuerySet[CheckResult]:
    """The results of checks that exist today."""
    if only:
        names = [check.name for check in for_kind(only)]
        return findings.CheckResult.objects.filter(version=OuterRef("pk"), check_name__in=names)
    wanted = Q(pk__in=[])
    for kind in Kind:
        names = [check.name for check in for_kind(kind)]
        wanted |= Q(Exact(OuterRef("artifact__kind"), kind), check_name__in=names)
    return findings.CheckResult.objects.filter(wanted, version=OuterRef("pk"))


def lacking_rows() -> VersionQuerySet:
    """Frozen versions that have no result of some check, finished or not."""
    there = Coalesce(Subquery(counted(results())), 0)
    return (
        Version.objects.exclude(submitted_at=None)
        .filter(artifact__deleted_at=None, withdrawn_at=None)
        .alias(there=there, wanted=wanted_results())
        .filter(there__lt=F("wanted"))
    )


def counted(rows: models.QuerySet[CheckResult]) -> models.QuerySet[CheckResult, Any]:
    return rows.order_by().values("version").annotate(number=Count("pk")).values("number")


def done_results(kind: Kind | None = None) -> Coalesce:
    return Coalesce(Subquery(counted(results(kind).filter(outcome="done"))), 0)


def wanted_results(only: Kind | None = None) -> Case | CombinedExpression:
    """How many results there must be: one for each file and check."""
    if only:
        return F("file_count") * Value(len(for_kind(only)))
    return Case(
        *[When(artifact__kind=kind, then=F("file_count") * Value(len(for_kind(kind)))) for kind in Kind],
        default=Value(0),
        output_field=models.IntegerField(),
    )


class Version(models.Model):
    """Version `number` of an artifact. `digest` covers the sorted (path, size, sha256) of its files
    and is set, with `submitted_at`, when the version is frozen. `announced` is the digest that it will
    have, when who began it knew: it is frozen under no other."""

    # Found by `one_number_per_artifact`: an index by the artifact alone leads through all of 10,000 versions.
    artifact = models.ForeignKey(Artifact, on_delete=models.PROTECT, related_name="versions", db_index=False)
    number = models.PositiveIntegerField()
    notes = models.TextField(blank=True, max_length=20_000, validators=[check_text])
    metrics = models.JSONField(default=dict, blank=True)
    parameters = models.JSONField(default=dict, blank=True)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    answered_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text=ANSWERED
    )
    added_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    announced = models.CharField(max_length=64, blank=True, default="", db_default="")
    withdrawn_at = models.DateTimeField(null=True, blank=True, help_text="Since when nobody uses it.")
    withdrawn_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_reason = models.TextField(blank=True, max_length=2000, default="", db_default="")
    deleted_at = models.DateTimeField(null=True, blank=True, help_text="Of a draft that lies in the bin.")
    file_count = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        indexes = [
            models.Index(fields=["-submitted_at", "-id"], name="version_by_time_of_freezing"),
            models.Index(fields=["artifact"], condition=Q(submitted_at=None), name="version_draft"),
            models.Index(
                fields=["artifact"], condition=Q(withdrawn_at__isnull=False), name="version_withdrawn"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["artifact", "number"], name="one_number_per_artifact"),
            models.CheckConstraint(
                condition=Q(submitted_at=None, digest="") | (~Q(submitted_at=None) & ~Q(digest="")),
                name="frozen_under_a_digest",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_reason="")),
                name="withdrawn_by_somebody_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.artifact.name} {self.number}"

    @property
    def team(self) -> Team:
        return self.artifact.team

    @property
    def kind(self) -> str:
        return self.artifact.kind

    @property
    def label(self) -> str:
        return f"{self.artifact.label}/versions/{self.number}"

    @cached_property
    def authors(self) -> set[int]:
        """The keys of everybody who put something into it, and of who answered for a service account that
        did. Read once: actions read the version anew."""
        added = people_of_files(version=self.pk)
        keys = {self.added_by_id, self.answered_by_id, *(key for row in added for key in row)}
        return {key for key in keys if key is not None}

    @property
    def is_draft(self) -> bool:
        return self.submitted_at is None

    @property
    def state(self) -> str:
        """One of STATES; taken from `with_state()` when the version was read with it."""
        if "state_now" in self.__dict__:
            return str(self.__dict__["state_now"])
        return "draft" if self.is_draft else state_of(Kind(self.kind), version=self.pk)[0]

    @property
    def released(self) -> bool:
        """Whether a protected alias points at it or did; taken from `with_state()` like the state."""
        if "released_now" in self.__dict__:
            return bool(self.__dict__["released_now"])
        return not self.is_draft and bool(protected_moves(version=self.pk))


class File(models.Model):
    """One file of a version. A trigger refuses any change once the version is frozen."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="files")
    path = models.CharField(max_length=255)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="files")
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    answered_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text=ANSWERED
    )
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint("version", Lower("path"), name="one_file_per_path_whatever_its_case"),
        ]

    @property
    def size(self) -> int:
        return self.blob.size

    @property
    def sha256(self) -> str:
        return self.blob.sha256


@prepared
def people_of_files(*, version: Any) -> models.QuerySet[File, tuple[int, int | None]]:
    found = File.objects.filter(version=version).order_by()
    return found.values_list("added_by_id", "answered_by_id").distinct()


def of_no_author(field: str) -> Q:
    """Around a query of findings, of what this field's person has said: that they put nothing into the
    finding's version, neither themselves nor by a service account for which they answered then."""
    own = Q(added_by=OuterRef(field)) | Q(answered_by=OuterRef(field))
    own_file = File.objects.filter(own, version=OuterRef(OuterRef("version")))
    author = Coalesce(OuterRef("version__answered_by"), OuterRef("version__added_by"))
    return ~Q(**{field: author}) & ~Q(Exists(own_file))


class Link(models.Model):
    """Where a version came from: an edge to another frozen version."""

    class Relation(models.TextChoices):
        TRAINED_ON = "trained-on", "trained on"
        EVALUATED_ON = "evaluated-on", "evaluated on"
        DERIVED_FROM = "derived-from", "derived from"

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="parents")
    parent = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="children")
    relation = models.CharField(max_length=20, choices=Relation.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "parent", "relation"], name="one_edge_of_a_relation"),
            models.CheckConstraint(condition=~Q(version=F("parent")), name="nothing_comes_from_itself"),
        ]


from registry.models import findings  # noqa: E402  state is worked out from what lies below
from registry.models.aliases import Move  # noqa: E402
