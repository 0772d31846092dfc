"""What is said about an article, and what was searched for and not found."""

from __future__ import annotations

from typing import Self

from django.db import models

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
