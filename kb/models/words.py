"""The words of articles, by team: which there are, and how many articles have each."""

from __future__ import annotations

from typing import Self

from django.db import models

from governance import access
from governance.models import Team, User

LONGEST = 40


class WordQuerySet(models.QuerySet["Word"]):
    def visible_to(self, person: User) -> Self:
        return self.filter(team__in=access.teams(person, "article.view"))


class Word(models.Model):
    """One stem. `articles` is how many had it when a job last counted: 0 where it is newer. So a common word
    is known to be one without counting, and a misspelt one is compared with what there is."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    word = models.CharField(max_length=LONGEST)
    titled = models.BooleanField(help_text="Whether it stands in a title or in headings.")
    articles = models.PositiveIntegerField(default=0, db_default=0)

    objects = WordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "word"],
                name="one_row_of_a_word",
                opclasses=["int8_ops", "varchar_pattern_ops"],
            ),
        ]
