"""Artifacts: named models, datasets and assets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVector, SearchVectorField
from django.db import models
from django.db.models.functions import Lower

from governance import access
from governance.errors import Absent
from governance.models import Team, User
from governance.names import check_name, check_slug, check_text
from governance.prepared import prepared
from registry.licences import check_licence


class Kind(models.TextChoices):
    """`plural` is the kind's part of addresses and labels."""

    MODEL = "model", "Model"
    DATASET = "dataset", "Dataset"
    ASSET = "asset", "Asset"

    def __str__(self) -> str:
        return self.name

    @property
    def plural(self) -> str:
        return f"{self.value}s"


KINDS = {kind.plural: kind for kind in Kind}


class ArtifactQuerySet(models.QuerySet["Artifact"]):
    def visible_to(self, person: User) -> Self:
        """Members see their team's artifacts; readers those of which something was released. That a dataset
        is there is seen by them also when it is restricted: what is in it are its versions."""
        whole = access.teams(person, "version.view")
        only_released = [team for team in access.teams(person, "release.view") if team not in whole]
        seen = models.Q(team__in=whole)
        if only_released:
            released = models.Exists(Move.objects.filter(artifact=models.OuterRef("pk"), protected=True))
            seen |= models.Q(team__in=only_released) & models.Q(released)
        return self.filter(seen, deleted_at=None)

    def locked(self, pk: int) -> Artifact:
        """One of them with its row locked, which every write below it does first; `Absent` when it was
        deleted meanwhile."""
        for found in one_locked(pk=pk):
            return found
        raise Absent("It was deleted meanwhile.")

    def search(self, text: str) -> Self:
        """Every word of the text begins a word of the name or the description; none when it has no word."""
        return self.matching(beginnings(text))

    def called(self, query: Any) -> Self:
        """The same of the name alone, which has an index of its own."""
        return self.alias(called=Called("search")).filter(
            called=SearchQuery(query, config="simple", search_type="raw")
        )

    def matching(self, query: Any) -> Self:
        return self.filter(search=SearchQuery(query, config="simple", search_type="raw"))


@prepared
def one_locked(*, pk: Any) -> models.QuerySet[Artifact]:
    rows = Artifact.objects.select_for_update(of=("self",)).select_related("team", "owner")
    return rows.filter(pk=pk, deleted_at=None).order_by()


SEPARATORS = str.maketrans("._-/", "    ")


def beginnings(text: str) -> str:
    """A query for what has words that begin like those of a text."""
    return begun(words_of(text))


def words_of(text: str) -> list[str]:
    """At most eight."""
    words = ["".join(filter(str.isalnum, word)) for word in text.translate(SEPARATORS).split()[:8]]
    return [word for word in words if word]


def begun(words: Iterable[str]) -> str:
    return " & ".join(f"{word}:*" for word in words)


class Separated(models.Func):
    """A name with its separators turned into blanks, so that its parts are words."""

    function = "translate"
    template = "%(function)s(%(expressions)s, '._-/', '    ')"


class Called(models.Func):
    """Of what is searched the words of the name."""

    function = "ts_filter"
    template = "%(function)s(%(expressions)s, '{a}')"
    output_field = SearchVectorField()


class Artifact(models.Model):
    """What versions are versions of. The name is unique within team and kind, whatever its case."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="artifacts")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=100, validators=[check_name])
    first_name = models.CharField(
        max_length=100, blank=True, default="", db_default="", help_text="Once it was renamed."
    )
    description = models.TextField(blank=True, max_length=100_000, validators=[check_text])
    card = models.JSONField(
        default=dict, db_default={}, blank=True, help_text="What only people know, by fields of a card."
    )
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    tags = ArrayField(
        models.CharField(max_length=40, validators=[check_slug]), default=list, blank=True, size=20
    )
    licence = models.CharField(max_length=120, blank=True, validators=[check_licence])
    restricted = models.BooleanField(
        default=False, db_default=False, help_text="Whether one looks into it by a grant only."
    )
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now_add=True)
    held_at = models.DateTimeField(null=True, blank=True, help_text="Since when it is on legal hold.")
    held_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    held_reason = models.TextField(blank=True, max_length=2000, default="", db_default="")
    archived_at = models.DateTimeField(null=True, blank=True, help_text="Since when nothing new comes.")
    deleted_at = models.DateTimeField(null=True, blank=True, help_text="Since when it lies in the bin.")
    last_number = models.PositiveIntegerField(
        default=0, db_default=0, help_text="Of purged drafts: a number is given once."
    )
    search = models.GeneratedField(
        expression=SearchVector(Separated("name"), weight="A", config="simple")
        + SearchVector("description", weight="B", config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = ArtifactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "team", "kind", Lower("name"), name="one_artifact_per_name_whatever_its_case"
            ),
            models.CheckConstraint(
                condition=models.Q(restricted=False) | models.Q(kind=Kind.DATASET),
                name="only_datasets_are_restricted",
            ),
            models.CheckConstraint(
                condition=models.Q(held_at=None, held_by=None, held_reason="")
                | (models.Q(held_at__isnull=False, held_by__isnull=False) & ~models.Q(held_reason="")),
                name="held_by_somebody_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "team", "-updated_at", "-id"], name="artifact_by_change"),
            models.Index(fields=["kind", "team", "name", "id"], name="artifact_by_name"),
            models.Index(fields=["kind", "-updated_at", "-id"], name="artifact_of_all_by_change"),
            models.Index(fields=["kind", "name", "id"], name="artifact_of_all_by_name"),
            models.Index(
                fields=["team", "name"], condition=models.Q(restricted=True), name="artifact_restricted"
            ),
            GinIndex(fields=["search"], name="artifact_by_word"),
            GinIndex(Called("search"), name="artifact_by_name_word"),
            GinIndex(fields=["tags"], name="artifact_by_tag"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def plural(self) -> str:
        return Kind(self.kind).plural

    @property
    def label(self) -> str:
        return label_of(self.kind, self.team.slug, self.name)

    @property
    def first_label(self) -> str:
        """The one that never changes, by which approvals sign it."""
        return label_of(self.kind, self.team.slug, self.first_name or self.name)


def label_of(kind: str, team: str, name: str) -> str:
    return f"{Kind(kind).plural}/{team}/{name}"


from registry.models.aliases import Move  # noqa: E402  the two name each other
