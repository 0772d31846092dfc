"""What happened lately where one answers for it: teams whose trail one reads, people whom one manages."""

from __future__ import annotations

from django.db.models import Q

from governance import access
from governance.models import Event, Team, User
from governance.models.events import EventQuerySet

# What says nothing to somebody who looks in once a day: every file, every fetch.
SMALL = (
    *("version.add_file", "version.remove_file", "version.download", "version.preview", "version.add"),
    *("version.recheck", "finding.close"),
)

# What the site administrator answers for.
PEOPLE = ("user.add", "user.deactivate", "user.reactivate", "team.add", "member.set")


def events_for(person: User) -> EventQuerySet:
    """The newest first, without refusals and small steps."""
    teams = Team.objects.filter(pk__in=access.teams(person, "event.view")).values_list("slug", flat=True)
    seen = Q(team__in=list(teams))
    if access.administers(person):
        seen |= Q(action__in=PEOPLE)
    return Event.objects.filter(seen, outcome="done").exclude(action__in=SMALL).order_by("-pk")
