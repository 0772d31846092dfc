"""Decisions: what was chosen, and why. One is superseded by another, never edited."""

from __future__ import annotations

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVector, SearchVectorField
from django.db import models

from governance import access
from governance.models import Team, User
from governance.names import check_text
from kb.models.folding import Folded, query_of

LONGEST = 20_000


class DecisionQuerySet(models.QuerySet["Decision"]):
    def visible_to(self, person: User) -> Self:
        """Everybody in a team reads what it decided."""
        return self.filter(team__in=access.teams(person, "article.view"))

    def matching(self, text: str) -> Self:
        """Every word of the text begins a word of it."""
        return self.filter(search=SearchQuery(query_of(text), config="english", search_type="raw"))

    def standing(self) -> Self:
        return self.filter(superseded_by=None)


class Decision(models.Model):
    """One choice. A trigger refuses any change of it."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200, validators=[check_text])
    context = models.TextField(max_length=LONGEST, validators=[check_text])
    options = models.TextField(blank=True, max_length=LONGEST, validators=[check_text])
    choice = models.TextField(max_length=LONGEST, validators=[check_text])
    consequences = models.TextField(blank=True, max_length=LONGEST, validators=[check_text])
    about = ArrayField(
        models.CharField(max_length=200), default=list, blank=True, size=20, help_text="Labels."
    )
    supersedes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded_by"
    )
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    search = models.GeneratedField(
        expression=SearchVector(Folded("title"), weight="A", config="english")
        + SearchVector(Folded("choice"), weight="B", config="english")
        + SearchVector(
            Folded("context"), Folded("options"), Folded("consequences"), weight="D", config="english"
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "number"], name="one_decision_per_number"),
        ]
        indexes = [
            models.Index(fields=["team", "-id"], name="decision_by_age"),
            GinIndex(fields=["search"], name="decision_by_word"),
            GinIndex(fields=["about"], name="decision_by_label"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def label(self) -> str:
        return f"decisions/{self.team.slug}/{self.number}"
