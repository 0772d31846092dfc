"""The trail: one row per thing that happened or was refused. The table takes inserts only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from django.db import models

from governance import access
from governance.models.people import Team, User
from governance.prepared import prepared


class EventQuerySet(models.QuerySet["Event"]):
    def visible_to(self, person: User) -> Self:
        """A team's stewards and auditors see its events, everybody their own, the site
        administrator those about people and teams."""
        return self.read_in(trails(person), person)

    def read_in(self, teams: Iterable[str], person: User) -> Self:
        """The same of whom reads the `trails` of these teams."""
        seen = models.Q(team__in=list(teams)) | own(person)
        if access.administers(person):
            seen |= (
                models.Q(team="")
                | models.Q(action__startswith="member.")
                | models.Q(action__startswith="team.")
            )
        return self.filter(seen)

    def about(self, *labels: str) -> Self:
        """Any of these labels and everything below it."""
        seen = models.Q(subject__in=labels)
        for label in labels:
            seen |= models.Q(subject__startswith=f"{label}/")
        return self.filter(seen)


@prepared
def trails(person: User) -> models.QuerySet[Team, str]:
    """The slugs of the teams whose trail somebody reads: they do not change."""
    read = Team.objects.filter(pk__in=access.teams(person, "event.view"))
    slugs: models.QuerySet[Team, str] = read.values_list("slug", flat=True)
    return slugs


def own(person: User) -> models.Q:
    """What one did oneself; seen by a token for one team, what one did there."""
    mine = models.Q(actor=person.username)
    only = person.token.team if person.token else None
    return mine & models.Q(team=only.slug) if only else mine


class Transaction(models.Func):
    """The number of the transaction that inserts. It is none of what the event says."""

    template, output_field = "pg_current_xact_id()::text::bigint", models.BigIntegerField()


class Event(models.Model):
    """`canonical` are the bytes that a later seal signs: personal fields stand in it as salted
    commitments, whose salts are in `salts` and can be forgotten without breaking the seal. `xact` is what
    followers read by and none of what is said: no backup keeps it, since another server counts anew."""

    at = models.DateTimeField()
    action = models.CharField(max_length=60)
    outcome = models.CharField(max_length=10, choices=[("done", "done"), ("refused", "refused")])
    subject = models.CharField(max_length=400)
    digest = models.CharField(max_length=64, blank=True)
    team = models.CharField(max_length=60, blank=True)
    actor = models.CharField(max_length=100, blank=True)
    token = models.CharField(max_length=120, blank=True)
    address = models.CharField(max_length=60, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reason = models.TextField(blank=True)
    canonical = models.BinaryField()
    salts = models.JSONField()
    xact = models.BigIntegerField(null=True, editable=False, db_default=Transaction())

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["subject", "-id"], name="event_by_subject"),
            models.Index(fields=["subject"], name="event_below_subject", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["team", "-id"], name="event_by_team"),
            models.Index(fields=["actor", "-id"], name="event_by_actor"),
            models.Index(fields=["xact", "id"], name="event_by_transaction"),
        ]
