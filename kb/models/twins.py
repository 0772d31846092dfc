"""Articles that say nearly the same: what is known of each text, and the pairs."""

from __future__ import annotations

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from governance.models import Team, User
from kb.models.articles import Article


class Sketch(models.Model):
    """Of the text of this digest, that by which the like ones are found (see `kb.likeness`)."""

    article = models.OneToOneField(Article, on_delete=models.CASCADE, related_name="sketch")
    digest = models.CharField(max_length=64)
    bands = ArrayField(models.BigIntegerField())

    class Meta:
        indexes = [GinIndex(fields=["bands"], name="sketch_by_band")]


class TwinsQuerySet(models.QuerySet["Twins"]):
    def visible_to(self, person: User) -> Self:
        """Who reads both, of those that are in use."""
        seen = Article.objects.visible_to(person).filter(archived_at=None)
        return self.filter(one__in=seen, other__in=seen)

    def open(self) -> Self:
        return self.filter(apart_at=None)


class Twins(models.Model):
    """Two articles of a team that say nearly the same; `one` is the older."""

    one = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+")
    likeness = models.FloatField(
        help_text="From 0 to 1: of their shingles of five words, those that both have."
    )
    at = models.DateTimeField(auto_now_add=True)
    apart_at = models.DateTimeField(
        null=True, blank=True, help_text="When somebody said that they are not the same."
    )
    apart_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = TwinsQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="one_pair_of_two_articles"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="the_older_of_two_first"),
        ]

    @property
    def team(self) -> Team:
        return self.one.team

    @property
    def label(self) -> str:
        return f"twins/{self.pk}"

    @property
    def percent(self) -> int:
        return round(100 * self.likeness)
