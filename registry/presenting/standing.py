"""How each of one's teams stands, at a glance: a few counts, each with where to see what it counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from governance.models import User
from registry.models import Alias, Artifact, Incident, Kind
from registry.presenting.board import listed
from registry.presenting.listing import newest_of

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
    shown = Artifact.objects.visible_to(person).filter(kind=Kind.MODEL, archived_at=None)
    rows = shown.order_by("-updated_at", "-pk").values_list("pk", "team__slug")[:LOOKED_AT]
    owners = dict(rows)
    newest = newest_of(person, list(owners)).defer("metrics", "parameters", "notes")
    states = Counter((owners[version.artifact_id], version.state) for version in newest)
    used = in_production(owners)
    incidents = open_incidents(person)
    late = overdue(person)
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


def in_production(owners: dict[int, str]) -> Counter[str]:
    held = Alias.objects.filter(artifact__in=list(owners), name="production")
    return Counter(owners[artifact] for artifact in held.values_list("artifact", flat=True))


def open_incidents(person: User) -> Counter[str]:
    found = Incident.objects.visible_to(person).open()
    return Counter(found.values_list("version__artifact__team__slug", flat=True)[:MOST])


def overdue(person: User) -> Counter[str]:
    late = listed(person, {"state": "overdue"})
    return Counter(late.values_list("version__artifact__team__slug", flat=True)[:MOST])


def models(team: str, **filters: str) -> str:
    return f"{reverse('registry:models')}?{urlencode({'team': team, **filters})}"


def findings(team: str, state: str) -> str:
    return f"{reverse('registry:board')}?{urlencode({'team': team, 'state': state})}"
