"""Attachments: files and pictures of an article, sealed, and checked before others may fetch them."""

from __future__ import annotations

from typing import Any, Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from governance.models import Team, User
from kb.models.articles import Article
from registry.models import Blob

MOST = 50  # of one article
LARGEST = 25 << 20  # bytes of one
SEARCHED = 200_000  # characters of a text that are found by the search


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, person: User) -> Self:
        """Who reads the article sees what is attached to it; who may fetch that is another question."""
        return self.filter(article__in=Article.objects.visible_to(person))

    def clean(self) -> Self:
        return self.filter(outcome=Attachment.CLEAN)

    def waiting(self) -> Self:
        return self.filter(outcome="")

    def matching(self, query: Any) -> Self:
        """By a query such as `query_of` makes, or its name (see `prepared`)."""
        return self.filter(search=SearchQuery(query, config="english", search_type="raw"))


class Attachment(models.Model):
    """One file. `shown` is its picture as it was read and drawn again: no browser is shown the bytes that
    were sent. `issues` are what the checks said."""

    CLEAN, BLOCKED, FAILED = "clean", "blocked", "failed"

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=100)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    shown = models.ForeignKey(Blob, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    width = models.PositiveSmallIntegerField(default=0)
    height = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(
        max_length=10, blank=True, choices=[(word, word) for word in (CLEAN, BLOCKED, FAILED)]
    )
    issues = models.JSONField(default=list, blank=True)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    search = SearchVectorField(null=True, editable=False)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("article", Lower("name"), name="one_attachment_per_name"),
        ]
        indexes = [
            models.Index(fields=["added_at"], condition=Q(outcome=""), name="attachment_waiting"),
            GinIndex(fields=["search"], name="attachment_by_word"),
        ]

    @property
    def team(self) -> Team:
        return self.article.team

    @property
    def label(self) -> str:
        return f"{self.article.label}/attachments/{self.pk}"
