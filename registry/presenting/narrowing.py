"""Which artifacts a list shows: filters on what they are, and on how the newest version that one sees stands.

States and findings are worked out from rows and stored nowhere, so where one begins decides what it costs.
What few have is gone through from those few (a draft, a version that something blocks); what many have is
asked of one artifact after the other in the order of the list, until a page is full.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Left

from governance.models import User
from governance.prepared import prepared
from governance.searching import one_by_one
from registry.checks import CHECKS
from registry.models import Alias, Artifact, CheckResult, Finding, Severity, Version
from registry.models.artifacts import ArtifactQuerySet
from registry.models.findings import BLOCKING, covered
from registry.models.versions import VersionQuerySet, lacking_rows

SUMMARY = 300
ARCHIVED = "archived"  # asked for like a state of the newest version
FEW = 2_000  # versions that one goes through from themselves


def narrowed(person: User, kind: str, filters: Mapping[str, Any]) -> QuerySet[Artifact]:
    """The artifacts of a kind that this person may see, narrowed down, with how each description begins. What
    an archived team owns is shown to who asks for that team."""
    found = Artifact.objects.visible_to(person).filter(kind=kind)
    if "search" in filters:
        found = found.matching(filters["search"])
    simple = {"team": "team__slug", "owner": "owner__username", "licence": "licence"}
    found = found.filter(**{field: filters[name] for name, field in simple.items() if name in filters})
    if "team" not in filters:
        found = found.filter(team__archived_at=None)
    if "tag" in filters:
        found = found.filter(tags__contains=[filters["tag"]])
    if "alias" in filters:
        held = Alias.objects.visible_to(person).filter(name=filters["alias"])
        found = found.filter(pk__in=held.order_by().values("artifact"))
    found = found.filter(archived_at__isnull=filters.get("state") != ARCHIVED)
    return of_newest(person, found, filters).annotate(summary=Left("description", SUMMARY))


def of_newest(person: User, found: ArtifactQuerySet, filters: Mapping[str, Any]) -> ArtifactQuerySet:
    """Those whose newest version stands as is asked: `settled` puts `among` in the place of what few have."""
    if "among" in filters:
        found = found.filter(pk__in=filters["among"])
    state, severity = versions_asked(filters)
    if not (state or severity):
        return found
    seen = Version.objects.visible_to(person).filter(artifact=OuterRef("pk")).order_by("-number")
    newest = Version.objects.filter(pk=OuterRef("newest"))
    asked = standing(newest, state, severity)
    return found.alias(newest=Subquery(seen.values("pk")[:1])).filter(one_by_one(Exists(asked)))


def versions_asked(filters: Mapping[str, Any]) -> tuple[str, str]:
    """What is asked of the newest version: its state, and the severity of a finding of it."""
    state = filters.get("state", "")
    return "" if state == ARCHIVED else state, filters.get("severity", "")


def standing(versions: VersionQuerySet, state: str, severity: str) -> VersionQuerySet:
    """Those in a state, with an open finding of a severity that is not waived."""
    if severity:
        bad = Finding.objects.filter(version=OuterRef("pk")).open()
        versions = versions.filter(
            one_by_one(Exists(bad.filter(~covered(), severity=Severity[severity.upper()])))
        )
    return versions.with_state().filter(**{"state_now": state}) if state else versions


# ------------------------------------------------------------------ few or many


def settled(person: User, filters: Mapping[str, str]) -> dict[str, Any]:
    """The same filters; where few versions can stand as is asked, the keys of their artifacts instead."""
    state, severity = versions_asked(filters)
    some = few(state, severity) if state or severity else None
    if some is None:
        return dict(filters)
    known = tuple(CHECKS)
    others = {name: value for name, value in filters.items() if name != "severity" and value != state}
    return {**others, "among": standing_so(person, state, severity, known, versions=some) if some else []}


def few(state: str, severity: str) -> list[int] | None:
    """The keys of all versions that can stand so, whoever asks; nothing when they are many."""
    if state == "ready" or (state == "checking" and some_lack(tuple(CHECKS))):
        return few("", severity) if severity else None
    some = some_of(state, severity)
    return some if len(some) <= FEW else None


@prepared
def some_of(state: str, severity: str) -> QuerySet[Version, int]:
    some = Version.objects.filter(candidates(state, severity)).order_by()
    return some.values_list("pk", flat=True)[: FEW + 1]


@prepared
def standing_so(
    person: User, state: str, severity: str, known: tuple[str, ...], *, versions: Any
) -> QuerySet[Version, int]:
    """The artifacts whose newest version is among these, and stands so; that depends on which checks there
    are."""
    seen = Version.objects.visible_to(person).filter(pk__in=versions)
    later = Version.objects.visible_to(person).filter(
        artifact=OuterRef("artifact"), number__gt=OuterRef("number")
    )
    newest = seen.exclude(one_by_one(Exists(later)))
    return standing(newest, state, severity).order_by().values_list("artifact", flat=True)


def candidates(state: str, severity: str) -> Q:
    """A condition that all have that are asked for, found by an index: `ready` has none."""
    found = Q()
    if severity:
        bad = Finding.objects.open().filter(severity=Severity[severity.upper()])
        found &= Q(pk__in=bad.order_by().values("version"))
    if state == "draft":
        found &= Q(submitted_at=None)
    if state == "checking":
        found &= Q(pk__in=unfinished().values("version"))
    if state == "blocked":
        bad = Finding.objects.open().filter(severity__gte=BLOCKING).order_by()
        withdrawn = Version.objects.filter(withdrawn_at__isnull=False).order_by()
        stuck = bad.values("version").union(
            unfinished().filter(outcome="failed").values("version"), withdrawn.values("pk"), all=True
        )
        found &= Q(pk__in=stuck)
    return found


def unfinished() -> QuerySet[CheckResult]:
    return CheckResult.objects.exclude(outcome="done").order_by()


_whole: set[tuple[str, ...]] = set()


def some_lack(known: tuple[str, ...]) -> bool:
    """Whether a frozen version has no result of one of the checks that there are, not even an unfinished one:
    only after a check was added. Submitting asks for all of them: once none lacks any, that stays so."""
    if known not in _whole and not lacking_rows().exists():
        _whole.add(known)
    return known not in _whole
