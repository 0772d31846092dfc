"""Articles: what a team knows, in Markdown. What was written stays: each save adds a version."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVector, SearchVectorField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from governance import access
from governance.errors import Absent
from governance.models import Team, User
from governance.names import check_slug, check_text
from kb.models.collections import Collection, closed_to_others
from kb.models.folding import Folded, Joined, Titled, query_of

LONGEST = 100_000  # characters: what is longer is several articles
INTERVAL = 180  # days that a verification holds where nobody says otherwise
# Of an article: lists do not show them.
HEAVY = ("text", "search")


class ArticleQuerySet(models.QuerySet["Article"]):
    def visible_to(self, person: User) -> Self:
        """Everybody in a team reads what it knows, but for what is in a collection that is closed to them."""
        open_to_all = models.Q(reach__in=access.teams(person, "article.view"))
        return self.filter(open_to_all | models.Q(reach__in=closed_to_others(person)))

    def matching(self, text: str) -> Self:
        """Every word of the text stands in title, headings or text, or begins a word there."""
        return self.filter(search=SearchQuery(query_of(text), config="english", search_type="raw"))

    def locked(self, pk: int) -> Article:
        """One of them with its row locked, which every write below it does first."""
        found = (
            self.select_for_update(of=("self",))
            .select_related("team", "owner", "backup", "collection")
            .filter(pk=pk)
        )
        for article in found:
            return article
        raise Absent("It is not there any more.")


class Article(models.Model):
    """What is read now. `number` and `digest` are those of its newest version; `slug` never changes."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="articles")
    slug = models.CharField(max_length=100, validators=[check_slug])
    title = models.CharField(max_length=200, validators=[check_text])
    text = models.TextField(blank=True, max_length=LONGEST, validators=[check_text])
    headings = models.TextField(blank=True, editable=False, help_text="Worked out of the text, to be found.")
    labels = ArrayField(
        models.CharField(max_length=40, validators=[check_slug]), default=list, blank=True, size=20
    )
    collection = models.ForeignKey(
        Collection, null=True, blank=True, on_delete=models.PROTECT, related_name="articles"
    )
    reach = models.BigIntegerField(
        default=0,
        editable=False,
        help_text="Who reads it: the key of its team, or that of its closed collection with a minus.",
    )
    number = models.PositiveIntegerField(default=1)
    digest = models.CharField(max_length=64)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    backup = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    interval = models.PositiveSmallIntegerField(
        default=INTERVAL,
        validators=[MinValueValidator(1), MaxValueValidator(730)],
        help_text="How many days a verification holds.",
    )
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_until = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    verified_number = models.PositiveIntegerField(null=True, blank=True)
    seen_then = models.JSONField(
        default=dict, blank=True, help_text="Which version production pointed at then, by label."
    )
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True, blank=True, help_text="Since when nobody looks for it.")
    search = models.GeneratedField(
        expression=SearchVector(Folded("title"), weight="A", config="english")
        + SearchVector(Folded("headings"), weight="B", config="english")
        + SearchVector(Joined("labels"), weight="C", config="english")
        + SearchVector(Folded("text"), weight="D", config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = ArticleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "slug"], name="one_article_per_address"),
            models.CheckConstraint(
                condition=models.Q(
                    verified_at=None, verified_until=None, verified_by=None, verified_number=None
                )
                | models.Q(
                    verified_at__isnull=False,
                    verified_until__isnull=False,
                    verified_by__isnull=False,
                    verified_number__isnull=False,
                ),
                name="verified_by_somebody_until_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["team", "-updated_at", "-id"], name="article_by_change"),
            models.Index(fields=["reach", "-updated_at", "-id"], name="article_by_reach"),
            models.Index(fields=["team", "title", "id"], name="article_by_title"),
            models.Index(fields=["-updated_at", "-id"], name="article_of_all_by_change"),
            models.Index(fields=["title", "id"], name="article_of_all_by_title"),
            GinIndex(fields=["search"], name="article_by_word"),
            GinIndex(Titled("search"), name="article_by_title_word"),
            GinIndex(fields=["labels"], name="article_by_label"),
            models.Index(fields=["collection", "-updated_at", "-id"], name="article_by_collection"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def label(self) -> str:
        return f"articles/{self.team.slug}/{self.slug}"

    @property
    def is_closed(self) -> bool:
        """Whether it is kept from some of its team."""
        return self.collection is not None and self.collection.closed

    def verified(self, now: datetime) -> bool:
        """Whether somebody said that it holds and the time of that is not over. What it links to may have
        changed since: see `kb.staleness`."""
        return self.verified_until is not None and self.verified_until > now


class ArticleVersion(models.Model):
    """One saved state. A trigger refuses any change of it."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    digest = models.CharField(max_length=64)
    note = models.CharField(max_length=200, blank=True, validators=[check_text])
    restores = models.PositiveIntegerField(null=True, blank=True, help_text="Which version it brought back.")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="one_article_version_per_number"),
        ]

    @property
    def team(self) -> Team:
        return self.article.team

    @property
    def label(self) -> str:
        return f"{self.article.label}/versions/{self.number}"


class Draft(models.Model):
    """What one person has typed and not saved: of an article, or of a new one."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    article = models.ForeignKey(Article, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True, max_length=LONGEST)
    based_on = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "article"], name="one_draft_of_an_article", nulls_distinct=False
            ),
        ]


class Reference(models.Model):
    """What the newest text of an article names: an artifact (`number` is the version that it is about, if one
    is said) or another article. Whether that is there, and who sees it, is asked when it is read."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="references")
    label = models.CharField(max_length=200)
    number = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["article", "label", "number"], name="one_reference_each", nulls_distinct=False
            ),
        ]
        indexes = [models.Index(fields=["label", "article"], name="reference_by_label")]
