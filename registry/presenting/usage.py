"""Who uses an artifact, counted: fetches, by how many, and what comes from it. Nobody is named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Now

from governance import paging
from governance.models import Event, User
from governance.prepared import prepared
from governance.templatetags.words import counted
from registry.models import Artifact, Link, Version
from registry.subjects import labels_of

DAYS = 30
MOST_CHILDREN = 5


@dataclass
class Use:
    fetched: str
    by: str
    last: datetime | None
    children: list[tuple[str, Version]]
    more: bool


def of(person: User, artifact: Artifact) -> Use:
    """Three queries, each bounded: beyond a thousand fetches nobody counts."""
    rows = fetches(artifact)
    people = {actor for actor, _ in rows}
    services = len(services_among(names=people)) if people else 0
    links = made_of(person, artifact=artifact.pk)
    return Use(
        fetched=times(len(rows)),
        by=said(len(people) - services, services),
        last=max((at for _, at in rows), default=None),
        children=[(link.get_relation_display(), link.version) for link in links[:MOST_CHILDREN]],
        more=len(links) > MOST_CHILDREN,
    )


def fetches(artifact: Artifact) -> list[tuple[str, datetime]]:
    """Who and when, of the last days."""
    if not artifact.first_name:
        return lately_of(below=f"{artifact.label}/versions/")
    return list(lately(Event.objects.about(*(f"{label}/versions" for label in labels_of(artifact)))))


@prepared
def lately_of(*, below: Any) -> QuerySet[Event, tuple[str, datetime]]:
    """The same of what always had one name, as almost everything."""
    return lately(Event.objects.filter(subject__startswith=below))


def lately(events: QuerySet[Event]) -> QuerySet[Event, tuple[str, datetime]]:
    since = Now() - timedelta(days=DAYS)
    recent = events.filter(action="version.download", outcome="done", at__gte=since).order_by()
    return recent.values_list("actor", "at")[: paging.MOST_COUNTED + 1]


@prepared
def services_among(*, names: Any) -> QuerySet[User, int]:
    """The service accounts among people with these names."""
    found: QuerySet[User, int] = User.objects.filter(
        username__in=names, answered_by__isnull=False
    ).values_list("pk", flat=True)
    return found


def times(number: int) -> str:
    return "once" if number == 1 else f"{paging.bounded(number)} times" if number else "never"


def said(people: int, services: int) -> str:
    parts = [counted(people, "person", "people")] if people else []
    parts += [counted(services, "service account")] if services else []
    return " and ".join(parts) or "nobody"


@prepared
def made_of(person: User, *, artifact: Any) -> QuerySet[Link]:
    """Versions of other artifacts that name a version of it, as far as they are seen, the newest first."""
    links = Link.objects.filter(parent__artifact=artifact, version__in=Version.objects.visible_to(person))
    others = links.exclude(version__artifact=artifact).order_by("-pk")
    named = others.select_related("version__artifact__team")
    return named.defer("version__artifact__search", "version__artifact__description")[: MOST_CHILDREN + 1]
