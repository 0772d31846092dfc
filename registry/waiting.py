"""What waits for one person here, and what is new: for the pages that span everything."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.html import format_html

from governance import access
from governance.models import Approval, Membership, User
from governance.prepared import prepared
from governance.searching import one_by_one
from governance.sentences import page_of, spoken
from governance.waiting import MOST, Waiting, decision_asked, first_line, to_decide
from registry.checks import CHECKS
from registry.incidents import said
from registry.models import Artifact, CheckResult, Finding, Follow, Grant, Incident, Version
from registry.models.versions import VersionQuerySet
from registry.policies.withdrawn import sentence
from registry.presenting.addresses import of_artifact
from registry.subjects import versions_called

# Of an artifact: nothing that waits shows them.
LONG = ("description", "search")
# What a state looks like in a timeline.
COLOURS = {"checking": "info", "blocked": "blocked", "ready": "good"}


def waiting(person: User) -> list[Waiting]:
    """Incidents, requests to decide on, also those to read a dataset, what is approved and not yet promoted,
    own versions that are blocked, own drafts.

    The number of queries does not depend on how much there is.
    """
    asked = [*decisions(person), *grants(person), *approved(person)]
    return [*incidents(person), *asked, *blocked(person), *drafts(person)]


def recent(person: User) -> QuerySet[Version]:
    """The newest frozen versions that this person may see."""
    seen = Version.objects.visible_to(person).exclude(submitted_at=None)
    return seen.with_state().select_related("artifact__team", "added_by").order_by("-submitted_at", "-pk")


def followed(person: User) -> list[Artifact]:
    """What this person follows, the newest first; of hundreds the newest fifty."""
    return [follow.artifact for follow in newest_follows(person)]


@prepared
def newest_follows(person: User) -> QuerySet[Follow]:
    shown = Follow.objects.visible_to(person).select_related("artifact__team").order_by("-pk")
    return shown.defer(*(f"artifact__{field}" for field in LONG))[:50]


def news(person: User, most: int, among: Collection[Artifact] = ()) -> list[dict[str, Any]]:
    """The newest versions as `_components/timeline.html` takes them; `among` some artifacts when given."""
    seen = recent(person).filter(artifact__in=among) if among else recent(person)
    return [
        {
            "at": version.submitted_at,
            "state": COLOURS[version.state],
            "icon": "upload",
            "sentence": format_html(
                '<b>{}</b> submitted <a href="{}">{}</a>.', version.added_by, page(version), version
            ),
            "meta": version.state.capitalize(),
        }
        for version in seen[:most]
    ]


# ------------------------------------------------------------------ incidents


def incidents(person: User) -> list[Waiting]:
    """What blocks in what is in use, for whose it is and for who could roll it back."""
    return [
        Waiting(
            what=said(incident.alias, incident.version, incident.findings),
            href=page(incident.version),
            word="Read why",
            since=incident.opened_at,
            why=", ".join(incident.findings[:3]),
            team=incident.team.slug,
            state="blocked",
            icon="blocked",
            primary=True,
        )
        for incident in oldest_incidents(person)
    ]


@prepared
def oldest_incidents(person: User) -> QuerySet[Incident]:
    theirs = Q(version__added_by=person) | Q(version__artifact__owner=person)
    theirs |= Q(version__artifact__team__in=access.teams(person, "version.rollback"))
    found = Incident.objects.visible_to(person).open()
    at_work = found.filter(theirs, version__artifact__team__archived_at=None)
    heavy = [f"version__artifact__{field}" for field in LONG]
    return at_work.select_related("version__artifact__team").defer(*heavy).order_by("pk")[:MOST]


# ------------------------------------------------------------------ decisions


def decisions(person: User) -> list[Waiting]:
    """Requests that this person may decide on: nobody decides on what they put something into."""
    asked = waiting_longest(person)
    own = written(person, [approval.subject for approval in asked]) if asked else set()
    return [decision_asked(approval) for approval in asked if approval.subject not in own][:MOST]


@prepared
def waiting_longest(person: User) -> QuerySet[Approval]:
    return to_decide(person)[: 2 * MOST]


def written(person: User, labels: Iterable[str]) -> set[str]:
    """Which of these labels are versions that this person put something into."""
    mine = Q(added_by=person) | Q(files__added_by=person)
    mine |= Q(answered_by=person) | Q(files__answered_by=person)
    found = Version.objects.filter(versions_called(labels), mine).select_related("artifact__team")
    return {version.label for version in found}


def approved(person: User) -> list[Waiting]:
    """What enough people have said yes to, for who may promote it."""
    return [
        Waiting(
            what=f"Promote {spoken(approval.subject)} to {approval.alias}",
            href=f"{page_of(approval.subject)}aliases/{approval.alias}/promote/",
            word="Promote it",
            since=approval.requested_at,
            why=f"It is approved, as {approval.requested_by} asked.",
            team=approval.team.slug,
            state="good",
            icon="good",
        )
        for approval in approved_longest(person)
    ]


@prepared
def approved_longest(person: User) -> QuerySet[Approval]:
    theirs = access.teams(person, "version.promote")
    found = Approval.objects.approved().filter(team__in=theirs, team__archived_at=None)
    seen = found.exclude(access.hidden(person, "subject"))
    return seen.select_related("team", "requested_by").order_by("pk")[:MOST]


def grants(person: User) -> list[Waiting]:
    """Requests to read a dataset that this person may decide on: neither their own nor of whom made them."""
    return [reading_asked(grant) for grant in asked_longest(person)]


@prepared
def asked_longest(person: User) -> QuerySet[Grant]:
    made = Membership.objects.filter(
        team=OuterRef("artifact__team"), user=person, role="steward", granted_by=OuterRef("person")
    )
    decides = Q(artifact__team__in=access.teams(person, "finding.waive")) | Q(
        artifact__owner=person, artifact__team__in=access.teams(person, "grant.approve")
    )
    asked = Grant.objects.waiting().filter(
        decides, ~Exists(made), ends_at__gt=Now(), artifact__team__archived_at=None
    )
    others = asked.exclude(person__in=[person.pk, person.created_by_id or 0])
    others = others.exclude(answered_by=person).exclude(person__answered_by=person)
    return others.select_related("artifact__team", "person").order_by("pk")[:MOST]


def reading_asked(grant: Grant) -> Waiting:
    return Waiting(
        what=f"Decide whether {grant.person} reads {grant.artifact.name}",
        href=of_artifact(grant.artifact, "grant", pk=grant.pk),
        word="Review",
        since=grant.requested_at,
        why=first_line(grant.purpose),
        team=grant.team.slug,
        icon="key",
        primary=True,
    )


# ------------------------------------------------------------------ own versions


def own(person: User) -> VersionQuerySet:
    mine = Version.objects.visible_to(person).filter(added_by=person)
    heavy = [f"artifact__{field}" for field in LONG]
    return mine.select_related("artifact__team").defer(*heavy).order_by("-pk")


def blocked(person: User) -> list[Waiting]:
    """Those that no later version has replaced. The newest fifty are looked at: home is about lately."""
    newest = newest_own(person, tuple(CHECKS))
    stuck = [version for version in newest if version.state == "blocked"][:MOST]
    reasons = first_objections(stuck) if stuck else {}
    return [
        Waiting(
            what=f"{version} is blocked",
            href=page(version),
            word="Read why",
            since=version.submitted_at or version.added_at,
            why=sentence(version) if version.withdrawn_at else reasons.get(version.pk, ""),
            team=version.team.slug,
            state="blocked",
            icon="blocked",
        )
        for version in stuck
    ]


@prepared
def newest_own(person: User, known: tuple[str, ...]) -> QuerySet[Version]:
    """Their state depends on which checks there are."""
    later = Version.objects.filter(artifact=OuterRef("artifact"), number__gt=OuterRef("number"))
    current = own(person).exclude(one_by_one(Exists(later.exclude(submitted_at=None))))
    current = current.exclude(submitted_at=None)
    return current.with_state()[:50]


@prepared
def newest_drafts(person: User) -> QuerySet[Version]:
    return own(person).filter(submitted_at=None)[:MOST]


def first_objections(versions: Iterable[Version]) -> dict[int, str]:
    """The worst thing that stands in the way of each version, as its sentence."""
    sentences: dict[int, str] = {}
    worst = (
        Finding.objects.filter(version__in=versions).blocking().order_by("version_id", "-severity", "path")
    )
    for finding in worst.distinct("version_id"):
        sentences[finding.version_id] = f"{finding.path}: {first_line(finding.message)}"
    failed = CheckResult.objects.filter(version__in=versions, outcome="failed")
    for result in failed.order_by("version_id", "check_name").distinct("version_id"):
        sentences[result.version_id] = f"{result.error} Not evaluated is never a pass."
    return sentences


def drafts(person: User) -> list[Waiting]:
    return [
        Waiting(
            what=f"{version} is a draft of yours",
            href=page(version),
            word="Go on",
            since=version.added_at,
            why="Nobody but you can submit it: that freezes it and has it checked.",
            team=version.team.slug,
            state="neutral",
            icon="neutral",
        )
        for version in newest_drafts(person)
    ]


def page(version: Version) -> str:
    artifact = version.artifact
    where = {"kind": artifact.plural, "team": artifact.team.slug, "name": artifact.name}
    return reverse("registry:version", kwargs={**where, "number": version.number})
