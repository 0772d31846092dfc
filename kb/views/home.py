"""Home: what waits for one person, what changed, and the first steps of an empty site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

import governance.waiting
import kb.due
import kb.waiting
import registry.upkeep
import registry.waiting
from governance import access, inbox, sentences
from governance.models import Event, Membership, Team, User
from governance.models.events import trails
from governance.pages import Signed
from governance.prepared import prepared
from governance.recent import events_for, events_in
from kb.steps import first_steps
from registry.models import Artifact
from registry.presenting.standing import Count, standing

NEWS = 10
PULSE_COUNTS = 100  # of unread messages


@login_required
@require_safe
def home(request: Signed) -> HttpResponse:
    person = request.user
    waits = [
        *registry.waiting.waiting(person),
        *registry.upkeep.upkeep(person),
        *kb.waiting.waiting(person),
        *kb.due.waiting(person),
        *governance.waiting.decided(person),
    ]
    followed = registry.waiting.followed(person)
    context = {
        "now": timezone.now(),
        "waits": waits,
        "asked": governance.waiting.asked(person),
        "changed": changed(person, followed),
        "followed": len(followed),
        "steps": first_steps(person),
        "teams": own_teams(person),
    }
    return render(request, "kb/home.html", context)


@login_required
@require_safe
def pulse(request: Signed) -> HttpResponse:
    """A text that is another one when something may have changed: the newest event, and what is to be read.
    Pages ask for it, and for themselves again when it changed."""
    person = request.user
    events = Event.objects.order_by("-pk").values_list("pk", flat=True)
    if not access.administers(person):
        teams = Team.objects.filter(pk__in=access.teams(person, "team.view"))
        events = events.filter(team__in=list(teams.values_list("slug", flat=True)))
    unread = inbox.of(person, unread=True).order_by("-pk").values_list("pk", flat=True)[:PULSE_COUNTS]
    return HttpResponse(f"{events.first() or 0} {hash(tuple(unread))}", content_type="text/plain")


def changed(person: User, followed: list[Artifact]) -> list[dict[str, Any]]:
    """The newest events of what one follows, or of teams whose trail one reads; who reads none is shown the
    newest versions."""
    if followed:
        told = list(events_for(person).about(*(artifact.label for artifact in followed))[:NEWS])
    else:
        told = newest_events(person, tuple(trails(person)))
    return sentences.timeline(told) or registry.waiting.news(person, NEWS, followed)


@prepared
def newest_events(person: User, teams: tuple[str, ...]) -> QuerySet[Event]:
    return events_in(teams, person)[:NEWS]


@dataclass(frozen=True)
class OwnTeam:
    """A team of one's own: what one is there, and how it stands."""

    slug: str
    roles: str
    counts: list[Count]


def own_teams(person: User) -> list[OwnTeam]:
    roles: dict[str, list[str]] = {}
    for team, role in held(user=person.pk):
        roles.setdefault(team, []).append(role)
    stand = standing(person, roles) if roles else {}
    return [OwnTeam(team, ", ".join(names), stand[team]) for team, names in roles.items()]


@prepared
def held(*, user: Any) -> QuerySet[Membership, tuple[str, str]]:
    """In which team which role, of teams at work."""
    found = Membership.objects.filter(user=user, team__archived_at=None)
    return found.order_by("team__slug", "role").values_list("team__slug", "role")
