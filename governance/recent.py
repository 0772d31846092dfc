"""What happened lately in the teams whose trail one reads."""

from __future__ import annotations

from django.db.models import QuerySet

from governance import access
from governance.models import Event, Team, User

# What says nothing to somebody who looks in once a day: every file, every fetch.
SMALL = ("version.add_file", "version.remove_file", "version.download", "version.add", "finding.close")


def events_for(person: User) -> QuerySet[Event]:
    """The newest first, without refusals and small steps."""
    teams = Team.objects.filter(pk__in=access.teams(person, "event.view")).values_list("slug", flat=True)
    return (
        Event.objects.filter(team__in=list(teams), outcome="done").exclude(action__in=SMALL).order_by("-pk")
    )
