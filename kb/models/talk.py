"""What is said about articles, and what was searched for and not found."""

from __future__ import annotations

from typing import Self

from django.db import models

from governance import access
from governance.models import Team, User
from governance.names import check_text
from kb.models.articles import Article

MOST_CHARACTERS = 4000


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible_to(self, person: User) -> Self:
        """Who reads the article reads what is said about it."""
        return self.filter(article__in=Article.objects.visible_to(person))


class Comment(models.Model):
    """One remark; it stays as it is. `number` is the version that was read."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="comments")
    number = models.PositiveIntegerField()
    text = models.TextField(max_length=MOST_CHARACTERS, validators=[check_text])
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["article", "-id"], name="comment_by_article")]

    @property
    def team(self) -> Team:
        return self.article.team


class Miss(models.Model):
    """Words that one person searched for in vain, and when last."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    text = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "text"], name="one_miss_of_a_text")]
        indexes = [
            models.Index(fields=["text"], name="miss_by_text"),
            models.Index(fields=["at"], name="miss_by_age"),
        ]


class WantedQuerySet(models.QuerySet["Wanted"]):
    def visible_to(self, person: User) -> Self:
        """Who writes for a team sees what its people miss."""
        return self.filter(team__in=access.teams(person, "article.add"), team__archived_at=None)

    def open(self) -> Self:
        return self.filter(closed_at=None)


class Wanted(models.Model):
    """What several people of a team searched for in vain: an article to write, until one is written or a
    steward says that none is needed. Once for each text."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=200)
    people = models.PositiveIntegerField()
    at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    dismissed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = WantedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "text"], name="one_wish_of_a_text"),
            models.CheckConstraint(
                condition=models.Q(dismissed_by=None) | models.Q(closed_at__isnull=False),
                name="what_is_dismissed_is_closed",
            ),
        ]
        indexes = [
            models.Index(fields=["team", "-id"], condition=models.Q(closed_at=None), name="wanted_and_open"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def label(self) -> str:
        return f"wanted/{self.pk}"
