"""How each of one's teams stands, at a glance: a few counts, each with where to see what it counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse

from governance.models import User
from governance.prepared import prepared
from registry.models import Artifact, Finding, Incident, Kind
from registry.presenting.board import listed
from registry.presenting.listing import Newest, in_production, newest

# What changed last says how a team stands; counting all of 50,000 would take longer than the page.
LOOKED_AT = 200
MOST = 1_000


@dataclass(frozen=True)
class Count:
    """`state` is the colour of a count that is not zero."""

    word: str
    number: int
    href: str
    state: str


def standing(person: User, teams: Iterable[str]) -> dict[str, list[Count]]:
    """By team. Five queries, however many teams and models there are."""
    owners = dict(last_changed(person))
    keys = list(owners)
    states = Counter(
        (owners[version.artifact], version.state)
        for version in map(Newest._make, newest(person, artifacts=keys))
    )
    used = Counter(owners[artifact] for artifact, _ in in_production(artifacts=keys))
    incidents, late = Counter(open_incidents(person)), Counter(overdue(person))
    return {
        team: [
            Count("blocked", states[team, "blocked"], models(team, state="blocked"), "blocked"),
            Count("ready", states[team, "ready"], models(team, state="ready"), "good"),
            Count("in production", used[team], models(team, alias="production"), "good"),
            Count("incidents", incidents[team], findings(team, "incident"), "blocked"),
            Count("overdue", late[team], findings(team, "overdue"), "warn"),
        ]
        for team in teams
    }


@prepared
def last_changed(person: User) -> QuerySet[Artifact, tuple[int, str]]:
    """Keys of models, and the slugs of their teams."""
    shown = Artifact.objects.visible_to(person).filter(kind=Kind.MODEL, archived_at=None)
    return shown.order_by("-updated_at", "-pk").values_list("pk", "team__slug")[:LOOKED_AT]


@prepared
def open_incidents(person: User) -> QuerySet[Incident, str]:
    """The slug of the team of each."""
    found = Incident.objects.visible_to(person).open().order_by()
    return found.values_list("version__artifact__team__slug", flat=True)[:MOST]


@prepared
def overdue(person: User) -> QuerySet[Finding, str]:
    """The slug of the team of each."""
    late = listed(person, {"state": "overdue"}).order_by()
    return late.values_list("version__artifact__team__slug", flat=True)[:MOST]


def models(team: str, **filters: str) -> str:
    return f"{reverse('registry:models')}?{urlencode({'team': team, **filters})}"


def findings(team: str, state: str) -> str:
    return f"{reverse('registry:board')}?{urlencode({'team': team, 'state': state})}"
