"""What happened lately where one answers for it: teams whose trail one reads, people whom one manages."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from governance import access
from governance.models import Event, User
from governance.models.events import EventQuerySet, trails

# What says nothing to somebody who looks in once a day: every file, every fetch.
SMALL = (
    *("version.add_file", "version.remove_file", "version.download", "version.preview", "version.add"),
    *("version.recheck", "finding.close"),
)

# What the site administrator answers for.
PEOPLE = ("user.add", "user.deactivate", "user.reactivate", "team.add", "member.set")


def events_for(person: User) -> EventQuerySet:
    """The newest first, without refusals and small steps."""
    return events_in(trails(person), person)


def events_in(teams: Iterable[str], person: User) -> EventQuerySet:
    """The same of whom reads the `trails` of these teams."""
    seen = Q(team__in=list(teams))
    if access.administers(person):
        seen |= Q(action__in=PEOPLE)
    return Event.objects.filter(seen, outcome="done").exclude(action__in=SMALL).order_by("-pk")
