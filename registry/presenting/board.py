"""The board: what has to be done about findings, each once, in the newest version that has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    Exists,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from governance import paging
from governance.models import User
from governance.paging import Page
from governance.prepared import prepared
from governance.searching import one_by_one, searched
from registry.checks import CHECKS
from registry.checks.pickle_imports import ELSEWHERE, PICKLESCAN
from registry.models import Alias, Finding, Incident, Severity, Triage, Version
from registry.models.findings import BLOCKING, FindingQuerySet, covered, twins, whole_name
from registry.presenting.addresses import of_version

# Within how many days each severity has to be dealt with. CISA's Binding Operational Directive 19-02 gives 15
# and 30 days to critical and high findings on what faces the internet; a model runs with all rights of who
# loads it, so here it is less.
SERVICE = {Severity.CRITICAL: 1, Severity.HIGH: 7, Severity.MEDIUM: 30, Severity.LOW: 90}
STATES = ("open", "in-triage", "false-positive", "waived", "resolved")
TO_DO = ("open", "in-triage")
OTHERS = ("overdue", "incident", "all")  # what one may ask for besides
SEARCHED = ("message", "name", "path", "check_name", "version__artifact__name")
KEY = ("check_name", "path", "name")
Shape = tuple[frozenset[str], str, str]
GIVEN = ("team", "check", "assignee", "kind")
MOST_SAVED = 5_000
HEAVY = ("artifact__description", "artifact__search")


@dataclass(frozen=True)
class Card:
    """One finding of the board."""

    finding: Finding
    href: str
    state: str
    word: str
    colour: str
    age: timedelta
    due: datetime | None
    late: bool
    found_by: Sequence[str] = ()

    @property
    def key(self) -> str:
        """As a form sends it."""
        return str(self.finding.pk)


# ------------------------------------------------------------------ which


def shown(
    person: User, filters: Mapping[str, str], order: str, cursor: str = ""
) -> tuple[Page[Finding], str]:
    """One page of them, and how many there are, as far as one counts. Of the first page, which is asked for
    most, the SQL is kept, but for words; more are counted only where it does not hold all."""
    if cursor or filters.get("search"):
        rows = listed(person, filters)
        return paging.page(with_names(rows), order, cursor=cursor), paging.bounded_count(rows)
    asked, values = shape(filters), given(filters)
    found = keys(person, asked, order, paging.SIZE, **values)
    some = described(person, order, findings=found) if found else []
    if len(found) > paging.SIZE:
        found = keys(person, asked, "", paging.MOST_COUNTED, **values)
    return paging.begun(some, order, paging.SIZE), paging.bounded(len(found))


def shape(filters: Mapping[str, str]) -> Shape:
    """Which filters are set, and the state and the severity that are asked for."""
    names = frozenset(name for name in GIVEN if filters.get(name))
    return names, filters.get("state", ""), filters.get("severity", "")


def given(filters: Mapping[str, str]) -> dict[str, str]:
    return {name: filters.get(name, "") for name in GIVEN}


@prepared
def keys(
    person: User, asked: Shape, order: str, size: int, *, team: Any, check: Any, assignee: Any, kind: Any
) -> QuerySet[Finding, int]:
    """One more than `size`; without an order whichever are found first."""
    values = {"team": team, "check": check, "assignee": assignee, "kind": kind}
    rows = shaped(person, asked, values)
    found = paging.opening(rows, order, size) if order else rows.order_by()[: size + 1]
    return found.values_list("pk", flat=True)


@prepared
def described(person: User, order: str, *, findings: Any) -> QuerySet[Finding]:
    """Of `keys`: what a card says of each."""
    rows = annotated(person, Finding.objects.filter(pk__in=findings))
    return paging.opening(with_names(rows), order, paging.SIZE)


def shaped(person: User, asked: Shape, values: Mapping[str, Any]) -> FindingQuerySet:
    names, state, severity = asked
    return listed(person, {name: values[name] for name in names} | {"state": state, "severity": severity})


def with_names(rows: FindingQuerySet) -> FindingQuerySet:
    """With what a card says of the version."""
    heavy = [f"version__{field}" for field in ("notes", "metrics", "parameters", *HEAVY)]
    return rows.select_related("version__artifact__team").defer(*heavy)


def listed(person: User, filters: Mapping[str, Any]) -> FindingQuerySet:
    """Findings above info that this person may see, narrowed down; without a state, what is to be done. What
    an archived team has is shown to who asks for that team: nobody can do anything about it."""
    seen = Finding.objects.visible_to(person).filter(severity__gt=Severity.INFO)
    rows: Any = annotated(person, seen)
    simple = {
        "team": "version__artifact__team__slug",
        "check": "check_name",
        "assignee": "assignee_name",
        "kind": "version__artifact__kind",
    }
    rows = rows.filter(**{field: filters[name] for name, field in simple.items() if filters.get(name)})
    if not filters.get("team"):
        rows = rows.filter(version__artifact__team__archived_at=None)
    if filters.get("severity"):
        rows = rows.filter(severity=Severity[filters["severity"].upper()])
    state = filters.get("state") or ""
    asked = Q()
    if state == "incident":
        rows = rows.filter(in_incident(person), severity__gte=BLOCKING)
    elif state == "overdue":
        rows = rows.filter(may_be_late(), closed_at=None)
        asked = late() & Q(stands__in=TO_DO)
    elif state in TO_DO or not state:
        rows = rows.filter(closed_at=None)
        asked = Q(stands__in=[state] if state else TO_DO)
    elif state != "all":
        asked = Q(stands=state)
    # Last, for what is left: it leads through all versions that have the same.
    rows = rows.filter(one_by_one(asked & ~Q(Exists(again_later(person)))))
    if not (filters.get("check") or filters.get("assignee")):
        rows = rows.exclude(one_by_one(louder()), check_name__in=list(CHECKS))
    found: FindingQuerySet = searched(rows, SEARCHED, filters.get("search", ""))
    return found


def annotated(person: User, rows: FindingQuerySet) -> FindingQuerySet:
    """With `stands` (one of STATES), `since` and `assignee_name`: all of it worked out from versions that
    this person may see, and what a team says of a finding is for the team."""
    first = again(person).order_by().values("check_name").annotate(first=Min("opened_at"))
    same = {name: OuterRef(name) for name in KEY}
    said = Triage.objects.visible_to(person).filter(artifact=OuterRef("version__artifact"), **same)
    return (
        rows.with_waived()
        .annotate(
            since=Subquery(first.values("first")[:1], output_field=DateTimeField()),
            triaged=Coalesce(Subquery(said.values("state")[:1]), Value("open")),
            assignee_name=Subquery(said.values("assignee__username")[:1]),
            note=Coalesce(Subquery(said.values("note")[:1]), Value(""), output_field=CharField()),
        )
        .annotate(
            stands=Case(
                When(Q(closed_at__isnull=False) | left_behind(person), then=Value("resolved")),
                When(waived_now=True, then=Value("waived")),
                default=F("triaged"),
                output_field=CharField(),
            ),
        )
    )


def again(person: User) -> FindingQuerySet:
    """The same finding in every version of its artifact that this person may see."""
    seen = Version.objects.visible_to(person).filter(pk=OuterRef("version"))
    same = {name: OuterRef(name) for name in KEY}
    return Finding.objects.filter(Exists(seen), version__artifact=OuterRef("version__artifact"), **same)


def again_later(person: User) -> FindingQuerySet:
    return again(person).filter(version__number__gt=OuterRef("version__number"))


def louder() -> Exists:
    """Another check says the same of the same path, no milder, and that one is still to be done: then it
    stands for both. Found by version, path and name alone, for which there is an index: any other way leads
    through all findings of the version, and one may have 5,000."""
    worse = Q(severity__gt=OuterRef("severity"))
    before = Q(severity=OuterRef("severity"), check_name__lt=OuterRef("check_name"))
    alike = Q(closed_at=None, check_name__in=list(CHECKS)) & ~Q(name__in=["", Finding.NOT_FINISHED])
    false = Triage.objects.filter(
        artifact=OuterRef("version__artifact"),
        state=Triage.State.FALSE_POSITIVE,
        **{name: OuterRef(name) for name in KEY},
    )
    others = Finding.objects.filter(**{name: OuterRef(name) for name in ("version", "path", "name")})
    others = others.filter(one_by_one(alike & (worse | before)))
    return Exists(others.filter(~covered(), ~Exists(false)))


def late() -> Q:
    """Found longer ago than its severity allows, in this version or in one before it."""
    ago = (When(severity=severity, then=Now() - timedelta(days=days)) for severity, days in SERVICE.items())
    limit = Case(*ago, output_field=DateTimeField())  # asked once: what is before it looks at other versions
    return old("opened_at") | Q(version__number__gt=1, since__lt=limit)


def may_be_late() -> Q:
    """What is late, and not much more, without looking at each finding in other versions."""
    long_ago = Finding.objects.filter(opened_at__lt=Now() - timedelta(days=min(SERVICE.values())))
    before = Q(version__number__gt=1, version__artifact__in=long_ago.values("version__artifact"))
    return old("opened_at") | before


def old(moment: str) -> Q:
    """Whether this moment is as long ago as its severity allows, or longer."""
    ago = ((severity, Now() - timedelta(days=days)) for severity, days in SERVICE.items())
    return reduce(or_, (Q(severity=severity, **{f"{moment}__lt": limit}) for severity, limit in ago))


def in_incident(person: User) -> Exists:
    """It stands open in a version that has an incident, which may be older than the one shown."""
    same = {f"version__findings__{name}": OuterRef(name) for name in KEY}
    open_there = Incident.objects.visible_to(person).open()
    return Exists(
        open_there.filter(
            version__artifact=OuterRef("version__artifact"), version__findings__closed_at=None, **same
        )
    )


def left_behind(person: User) -> Q:
    """A later version that this person may see does without it, and no alias points at the one with it."""
    newer = Version.objects.visible_to(person).filter(
        artifact=OuterRef("version__artifact"),
        number__gt=OuterRef("version__number"),
        submitted_at__isnull=False,
    )
    used = Alias.objects.filter(version=OuterRef("version"))
    return Q(Exists(newer)) & ~Q(Exists(used))


def cards(rows: Sequence[Finding]) -> list[Card]:
    """With every engine that found each."""
    also: dict[Any, list[str]] = {}
    for twin in twins(rows):
        also.setdefault(whole_name(twin), []).append(twin.check_name)
    return [card(finding, also.get(whole_name(finding), ())) for finding in rows]


def engines(finding: Finding, also: Sequence[str]) -> tuple[str, ...]:
    """The checks that say so, and picklescan where it knows the name as well."""
    elsewhere = [PICKLESCAN] if ELSEWHERE in finding.message else []
    return (finding.check_name, *also, *elsewhere)


def card(finding: Finding, also: Sequence[str] = ()) -> Card:
    about: Any = finding
    words = {"waived": "Waived", "resolved": "Resolved", **dict(Triage.State.choices)}
    colours = {"open": "neutral", "in-triage": "info", "resolved": "good", "waived": "warn"}
    now = timezone.now()
    days = SERVICE.get(Severity(finding.severity))
    due = about.since + timedelta(days=days) if days else None
    return Card(
        finding,
        f"{of_version(finding.version, 'findings')}#finding-{finding.pk}",
        about.stands,
        words[about.stands],
        colours.get(about.stands, "neutral"),
        now - about.since,
        due,
        late=about.stands in TO_DO and due is not None and due < now,
        found_by=engines(finding, also),
    )


def as_values(card: Card) -> dict[str, Any]:
    """As programs are told of it."""
    finding: Any = card.finding
    return {
        "id": finding.pk,
        "version": finding.version.label,
        "check": finding.check_name,
        "found_by": list(card.found_by),
        "name": finding.name,
        "severity": finding.severity_word,
        "message": finding.message,
        "path": finding.path,
        "place": finding.place,
        "state": card.state,
        "assignee": finding.assignee_name,
        "note": finding.note,
        "since": finding.since,
        "due": card.due,
        "overdue": card.late,
    }


def as_json(rows: FindingQuerySet) -> dict[str, Any]:
    """All of them in one document, the worst first; at most as many as in SARIF."""
    found = list(with_names(rows).order_by("-severity", "pk")[:MOST_SAVED])
    return {"findings": [as_values(card) for card in cards(found)]}
