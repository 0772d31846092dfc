"""What a team has written down, as its check sees it: numbers, and labels of its models alone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from governance.models import Team
from kb.models import Article, PlaybookVersion, Rating, Reading, Reference, Twins, Wanted
from registry import judging
from registry.models import Artifact, FormerName, Kind, Link
from registry.quality import Knowledge

MOST = 5_000
MOST_READINGS = 50
OLD = timedelta(days=90)
NAMED = re.compile(r"(?P<kind>models|datasets|assets|articles)/(?P<team>[^/]+)/(?P<name>[^/]+)")


def look(team: Team) -> Knowledge:
    now = timezone.now()
    articles, verified, stale = next(iter(counted(team=team.pk, now=now)), (0, 0, 0, 0))[1:]
    assets, reused = next(iter(used(team=team.pk)), (0, 0, 0))[1:]
    return Knowledge(
        team.slug,
        tuple(of_models(team)),
        articles,
        verified,
        stale,
        ratings=tuple((helpful, number) for _, helpful, number in rated(team=team.pk)),
        broken=broken(named_in(team=team.pk)),
        twins=Twins.objects.open().filter(one__in=in_use(team.pk), other__archived_at=None).count(),
        wanted=Wanted.objects.open().filter(team=team).count(),
        unread=unread(team),
        old_playbooks=len(old_playbooks(team=team.pk, since=now - OLD)),
        assets=assets,
        reused=reused,
    )


judging.LOOKS.append(look)


def in_use(team: Any) -> QuerySet[Article]:
    return Article.objects.filter(team=team, archived_at=None).order_by()


def counted(*, team: Any, now: Any) -> QuerySet[Article, Any]:
    valid, over = Q(verified_until__gte=now), Q(verified_until__lt=now)
    told = {"valid": Count("pk", filter=valid), "over": Count("pk", filter=over)}
    return in_use(team).values_list("team").annotate(number=Count("pk"), **told)


def of_models(team: Team) -> Iterable[tuple[str, bool, bool]]:
    labels = {name: f"models/{team.slug}/{name}" for name, _ in models(team=team.pk)}
    written = set(written_of(team=team.pk, labels=[*labels.values()]))
    for name, card in models(team=team.pk):
        yield labels[name], bool(card.strip()), labels[name] in written


def models(*, team: Any) -> QuerySet[Artifact, Any]:
    known = Artifact.objects.filter(team=team, kind=Kind.MODEL, deleted_at=None, archived_at=None)
    return known.order_by("name").values_list("name", "description")[:MOST]


def written_of(*, team: Any, labels: Any) -> QuerySet[Reference, str]:
    """Of these labels those that an article of the team names."""
    rows = Reference.objects.filter(label__in=labels, article__in=in_use(team)).order_by()
    return rows.values_list("label", flat=True).distinct()


def used(*, team: Any) -> QuerySet[Artifact, Any]:
    """How many it has, and from how many another team made something."""
    elsewhere = Link.objects.filter(parent__artifact=OuterRef("pk")).exclude(
        version__artifact__team=F("parent__artifact__team")
    )
    rows = Artifact.objects.filter(team=team, deleted_at=None, archived_at=None).order_by()
    known = rows.alias(reused=Exists(elsewhere)).values_list("team")
    return known.annotate(number=Count("pk"), elsewhere=Count("pk", filter=Q(reused=True)))


def rated(*, team: Any) -> QuerySet[Rating, Any]:
    """Of each article of which at least five said something: how many it helped, of how many."""
    rows = Rating.objects.filter(article__in=in_use(team)).order_by().values_list("article")
    said = rows.annotate(helped=Count("pk", filter=Q(helpful=True)), number=Count("pk"))
    return said.filter(number__gte=5)[:MOST]


def named_in(*, team: Any) -> QuerySet[Reference, str]:
    rows = Reference.objects.filter(article__in=in_use(team)).order_by("label")
    return rows.values_list("label", flat=True)[:MOST]


def broken(labels: Iterable[str]) -> int:
    """How many lead to what is there for nobody: neither by this name nor by a former one."""
    found = [match for label in labels if (match := NAMED.fullmatch(label))]
    names = {(each["kind"], each["team"], each["name"].lower()) for each in found}
    teams, called = {team for _, team, _ in names}, {name for _, _, name in names}
    there = {("articles", team, slug) for team, slug in articles_called(teams=[*teams], slugs=[*called])}
    for rows in (artifacts_called, formerly_called):
        known = rows(teams=[*teams], names=[each["name"] for each in found])
        there |= {(Kind(kind).plural, team, name.lower()) for kind, team, name in known}
    return sum((each["kind"], each["team"], each["name"].lower()) not in there for each in found)


def articles_called(*, teams: Any, slugs: Any) -> QuerySet[Article, Any]:
    rows = Article.objects.filter(team__slug__in=teams, slug__in=slugs).order_by()
    return rows.values_list("team__slug", "slug")


def artifacts_called(*, teams: Any, names: Any) -> QuerySet[Artifact, Any]:
    rows = Artifact.objects.filter(team__slug__in=teams, name__in=names, deleted_at=None).order_by()
    return rows.values_list("kind", "team__slug", "name")


def formerly_called(*, teams: Any, names: Any) -> QuerySet[FormerName, Any]:
    rows = FormerName.objects.filter(team__slug__in=teams, name__in=names).order_by()
    return rows.values_list("kind", "team__slug", "name")


def unread(team: Team) -> int:
    """People who have yet to read something, each once."""
    asked = Reading.objects.open().filter(article__in=in_use(team.pk)).select_related("article")
    return len({key for each in asked[:MOST_READINGS] for key in each.missing().values_list("pk", flat=True)})


def old_playbooks(*, team: Any, since: Any) -> QuerySet[PlaybookVersion, str]:
    newer = PlaybookVersion.objects.filter(team=team, code=OuterRef("code"), at__gte=since)
    rows = PlaybookVersion.objects.filter(team=team, at__lt=since).filter(~Exists(newer)).order_by("code")
    return rows.values_list("code", flat=True).distinct("code")
