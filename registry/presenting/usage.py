"""Who uses an artifact, counted: fetches, by how many, and what comes from it. Nobody is named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from governance import paging
from governance.models import Event, User
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
    services = User.objects.filter(username__in=people, answered_by__isnull=False).count()
    links = list(made_of(person, artifact)[: MOST_CHILDREN + 1])
    return Use(
        fetched=times(len(rows)),
        by=said(len(people) - services, services),
        last=max((at for _, at in rows), default=None),
        children=[(link.get_relation_display(), link.version) for link in links[:MOST_CHILDREN]],
        more=len(links) > MOST_CHILDREN,
    )


def fetches(artifact: Artifact) -> list[tuple[str, datetime]]:
    """Who and when, of the last days."""
    events = Event.objects.about(*(f"{label}/versions" for label in labels_of(artifact)))
    since = timezone.now() - timedelta(days=DAYS)
    recent = events.filter(action="version.download", outcome="done", at__gte=since).order_by()
    return list(recent.values_list("actor", "at")[: paging.MOST_COUNTED + 1])


def times(number: int) -> str:
    return "once" if number == 1 else f"{paging.bounded(number)} times" if number else "never"


def said(people: int, services: int) -> str:
    parts = [counted(people, "person", "people")] if people else []
    parts += [counted(services, "service account")] if services else []
    return " and ".join(parts) or "nobody"


def made_of(person: User, artifact: Artifact) -> QuerySet[Link]:
    """Versions of other artifacts that name a version of it, as far as they are seen, the newest first."""
    links = Link.objects.filter(parent__artifact=artifact, version__in=Version.objects.visible_to(person))
    others = links.exclude(version__artifact=artifact).order_by("-pk")
    return others.select_related("version__artifact__team").defer("version__artifact__search")
