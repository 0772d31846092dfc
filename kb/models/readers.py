"""Who reads: who watches what, what readers said of an article, and who was asked to read it."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from governance.models import Membership, Team, User
from governance.names import check_text
from governance.roles import ROLES, allowing
from kb.models.articles import Article
from kb.models.collections import Collection, CollectionPerson

MOST_REASON = 500


def readers_of(article: Article) -> models.QuerySet[User]:
    """Whom `visible_to` shows an article, in one query: every role reads what its team knows."""
    members = Membership.objects.filter(team=article.team_id)
    people: models.QuerySet[User] = User.objects.filter(pk__in=members.values("user"), is_active=True)
    key = article.collection_id
    if key is not None and Collection.objects.filter(pk=key, closed=True).exists():
        named = CollectionPerson.objects.filter(collection=key).values("user")
        keeping = members.filter(role__in=allowing("collection.view")).values("user")
        people = people.filter(Q(pk__in=named) | Q(pk__in=keeping))
    return people


class WatchQuerySet(models.QuerySet["Watch"]):
    def visible_to(self, person: User) -> Self:
        """One's own, of what one still sees."""
        there = Q(article__in=Article.objects.visible_to(person))
        there |= Q(collection__in=Collection.objects.visible_to(person))
        return self.filter(there, person=person)


class Watch(models.Model):
    """Somebody hears of every change of an article, or of all in a collection."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    article = models.ForeignKey(
        Article, null=True, blank=True, on_delete=models.CASCADE, related_name="watches"
    )
    collection = models.ForeignKey(
        Collection, null=True, blank=True, on_delete=models.CASCADE, related_name="watches"
    )
    since = models.DateTimeField(auto_now_add=True)

    objects = WatchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "article", "collection"], name="one_watches_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(article=None, collection__isnull=False)
                | Q(article__isnull=False, collection=None),
                name="one_thing_is_watched",
            ),
        ]


class Rating(models.Model):
    """Whether one reader found an article helpful, and why. Others see how many, its owner the reasons."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="ratings")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField(help_text="The version that was read.")
    helpful = models.BooleanField()
    reason = models.CharField(max_length=MOST_REASON, blank=True, validators=[check_text])
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "person"], name="one_rating_of_a_reader"),
        ]


class ReadingQuerySet(models.QuerySet["Reading"]):
    def visible_to(self, person: User) -> Self:
        return self.filter(article__in=Article.objects.visible_to(person))

    def open(self) -> Self:
        return self.filter(ended_at=None)


class Reading(models.Model):
    """A steward asks everybody in the team, or those of one role, to read an article. `number` is the oldest
    version that counts as read."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="readings")
    role = models.CharField(max_length=30, blank=True, choices=[(role, role) for role in ROLES])
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    note = models.CharField(max_length=200, blank=True, validators=[check_text])
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ReadingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["article"], condition=Q(ended_at=None), name="one_open_reading_of_an_article"
            ),
        ]

    @property
    def team(self) -> Team:
        return self.article.team

    def asked(self) -> models.QuerySet[User]:
        """Who is asked and is there: people, not programs."""
        people = readers_of(self.article).filter(answered_by=None)
        if self.role:
            held = Membership.objects.filter(team=self.article.team_id, role=self.role)
            people = people.filter(pk__in=held.values("user"))
        return people

    def missing(self) -> models.QuerySet[User]:
        """Who has yet to read it."""
        read = Acknowledgement.objects.filter(reading=self, number__gte=self.number)
        return self.asked().exclude(pk__in=read.values("person"))


class Acknowledgement(models.Model):
    """One person has read one version, by its digest. It stays."""

    reading = models.ForeignKey(Reading, on_delete=models.CASCADE, related_name="acknowledgements")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reading", "person", "number"], name="one_acknowledgement_of_a_version"
            ),
        ]
