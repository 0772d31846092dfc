"""Collections: articles of a team that belong together, and who of the team reads and writes them."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.expressions import CombinedExpression

from governance import access
from governance.models import Team, User
from governance.names import check_slug, check_text
from governance.prepared import prepared

MOST_PEOPLE = 100


class CollectionQuerySet(models.QuerySet["Collection"]):
    def visible_to(self, person: User) -> Self:
        """Everybody in the team sees what is open to it; what is closed who is named in it, and stewards."""
        named = CollectionPerson.objects.filter(user=person.pk).values("collection")
        viewing = access.teams(person, "collection.view")
        allowed = Q(closed=False) | Q(pk__in=named) | Q(team__in=viewing)
        return self.filter(allowed, team__in=access.teams(person, "article.view"))


class Collection(models.Model):
    """`closed`: of the team those alone read it who are named; `guarded`: those alone write who are named for
    that. Stewards of the team always do both."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    slug = models.CharField(max_length=60, validators=[check_slug])
    title = models.CharField(max_length=100, validators=[check_text])
    closed = models.BooleanField(default=False)
    guarded = models.BooleanField(default=False)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CollectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "slug"], name="one_collection_per_address"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def label(self) -> str:
        return f"collections/{self.team.slug}/{self.slug}"


class CollectionPerson(models.Model):
    """Somebody who reads a collection, and writes in it where that is said."""

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="people")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    writes = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["collection", "user"], name="one_part_of_a_person_in_a_collection"
            ),
        ]
        indexes = [models.Index(fields=["user", "collection"], name="collection_by_person")]


def closed_to_others(person: User) -> models.QuerySet[Collection, int]:
    """What stands in `Article.reach` of those that are in closed collections which this person reads."""
    keys: models.QuerySet[Collection, int] = (
        Collection.objects.visible_to(person)
        .filter(closed=True)
        .order_by()
        .values_list(negative(), flat=True)
    )
    return keys


def negative() -> CombinedExpression:
    return Value(0, output_field=models.BigIntegerField()) - F("pk")


def reached(person: User) -> list[int]:
    """All that may stand in `Article.reach` for this person: keys of teams, and those of closed collections
    with a minus. For SQL that is written by hand."""
    teams = access.teams(person, "article.view")
    return [*teams, *known_closed(person)] if teams else []


@prepared
def known_closed(person: User) -> models.QuerySet[Collection, int]:
    return closed_to_others(person)
