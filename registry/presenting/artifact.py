"""The page of an artifact: its versions, its aliases and their moves, and the commands of programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from governance import access, paging
from governance.models import User
from governance.paging import Page
from governance.prepared import prepared
from registry import reading
from registry.checks import CHECKS
from registry.models import Alias, Artifact, Follow, Move, Version
from registry.models.versions import VersionQuerySet
from registry.policies.answers_for_it import answers_for_it
from registry.policies.restricted_edit import restricted_edit
from registry.presenting import incidents, usage
from registry.presenting.addresses import of_artifact
from registry.presenting.commands import commands
from registry.presenting.decisions import aliases as aliases_of
from registry.presenting.listing import checks_said, finding_counts, said_of
from registry.presenting.parts import role_says_no
from registry.presenting.words import day, first_metric

MOST_VERSIONS = 50
MOST_MOVES = 20


@dataclass
class VersionRow:
    """One version in the table."""

    version: Version
    state: str
    word: str
    findings: str
    metric: tuple[str, str] | None
    aliases: list[Alias]


def page(person: User, artifact: Artifact, server: str, cursor: str = "") -> dict[str, Any]:
    """`server` is its own address as the person reached it: commands are there to be copied."""
    shown = versions(person, artifact, cursor)
    newest = shown.rows[:1] if not cursor else newest_of(person, tuple(CHECKS), artifact=artifact.pk)[:1]
    aliases = aliases_of(person, artifact=artifact.pk)
    for alias in aliases:
        alias.artifact = artifact
    reads = reading.reads(person, artifact)
    followers, mine = next(iter(followed(person, artifact=artifact.pk)), (0, 0))
    return {
        "artifact": artifact,
        "section": artifact.plural,
        "reads": reads,
        "versions": rows(artifact, shown.rows, aliases),
        "page": shown,
        "aliases": aliases,
        "moves": [moved(artifact, move) for move in moves(person, artifact)],
        "follows": bool(mine),
        "followers": followers,
        "use": usage.of(person, artifact) if reads else None,
        "pushes": reads and not (artifact.archived_at or role_says_no(person, "version.add", artifact)),
        "edits": not (artifact.archived_at or role_says_no(person, "artifact.edit", artifact))
        and restricted_edit(person, artifact) is None,
        "notices": notices(person, artifact),
        "more": more(person, artifact, used=bool(aliases)),
        "commands": commands(server, artifact, newest, aliases),
    }


def versions(person: User, artifact: Artifact, cursor: str) -> Page[Version]:
    """A page of them, the newest first."""
    if cursor:
        rows = standing(person, artifact.pk)
        return paging.page(rows, "-number", cursor=cursor, size=MOST_VERSIONS)
    found = newest_of(person, tuple(CHECKS), artifact=artifact.pk)
    return paging.begun(found, "-number", MOST_VERSIONS)


@prepared
def newest_of(person: User, known: tuple[str, ...], *, artifact: Any) -> QuerySet[Version]:
    """Their state depends on which checks there are."""
    return paging.opening(standing(person, artifact), "-number", MOST_VERSIONS)


def standing(person: User, artifact: Any) -> VersionQuerySet:
    seen = Version.objects.visible_to(person).filter(artifact=artifact).with_state().with_progress()
    return seen.select_related("added_by").defer("notes", "parameters")


@prepared
def followed(person: User, *, artifact: Any) -> QuerySet[Follow, tuple[int, int]]:
    """By how many, and whether by this person."""
    found = Follow.objects.filter(artifact=artifact).order_by().values("artifact")
    return found.annotate(all=Count("pk"), mine=Count("pk", filter=Q(person=person))).values_list(
        "all", "mine"
    )


def notices(person: User, artifact: Artifact) -> list[dict[str, str]]:
    """What is the matter with it as a whole, and what this person can do about it."""
    found = incidents.of_artifact_shown(person, artifact)
    found += [held(person, artifact)] if holds(person, artifact) else []
    return [*found, archived(person, artifact)] if artifact.archived_at else found


def archived(person: User, artifact: Artifact) -> dict[str, str]:
    assert artifact.archived_at is not None
    since = f"Archived since {day(artifact.archived_at)}: it is used as it is, and nothing new comes."
    can = answers_for(person, artifact)
    return {
        "state": "neutral",
        "text": since,
        "href": of_artifact(artifact, "unarchive") if can else "",
        "link": "Take it out",
    }


def holds(person: User, artifact: Artifact) -> bool:
    """Whether it is on legal hold, as far as this person is told."""
    return artifact.held_at is not None and not role_says_no(person, "version.view", artifact)


def held(person: User, artifact: Artifact) -> dict[str, str]:
    assert artifact.held_at is not None
    since = f"On legal hold since {day(artifact.held_at)}, by {artifact.held_by}: {artifact.held_reason}"
    can = access.can(person, "artifact.release_hold", artifact)
    return {
        "state": "warn",
        "text": f"{since} Nothing of it can be deleted.",
        "href": of_artifact(artifact, "release_hold") if can else "",
        "link": "Release it",
    }


def more(person: User, artifact: Artifact, used: bool) -> list[dict[str, Any]]:
    """What is rarely done to it, as the menu takes it."""
    found: list[dict[str, Any]] = []
    if artifact.held_at is None and not role_says_no(person, "artifact.hold", artifact):
        found.append({"word": "Put on legal hold", "href": of_artifact(artifact, "hold"), "icon": "closed"})
    if answers_for(person, artifact):
        found.insert(0, {"word": "Rename", "href": of_artifact(artifact, "rename"), "icon": "tag"})
    if artifact.archived_at is None and answers_for(person, artifact):
        found.append({"word": "Archive", "href": of_artifact(artifact, "archive"), "icon": "folder"})
    if not used and answers_for(person, artifact):
        delete = of_artifact(artifact, "delete_artifact")
        found.append({"word": "Delete", "href": delete, "icon": "trash", "danger": True})
    return found


def answers_for(person: User, artifact: Artifact) -> bool:
    """Whether what takes it away, or its name, is this person's to do."""
    no = role_says_no(person, "artifact.delete", artifact)
    return not no and answers_for_it(person, artifact) is None


def rows(artifact: Artifact, versions: Sequence[Version], aliases: Sequence[Alias]) -> list[VersionRow]:
    counts = finding_counts(version.pk for version in versions)
    for version in versions:
        version.artifact = artifact
    return [row(version, said_of(version, counts.get(version.pk, {})), aliases) for version in versions]


def row(version: Version, findings: str, aliases: Sequence[Alias]) -> VersionRow:
    word = (
        checks_said(version) if version.state == "checking" else "Withdrawn" if version.withdrawn_at else ""
    )
    held = [alias for alias in aliases if alias.version_id == version.pk]
    return VersionRow(version, version.state, word, findings, first_metric(version.metrics), held)


def moves(person: User, artifact: Artifact) -> list[Move]:
    """The newest moves to versions that this person may see, each with where from if they may see that."""
    return newest_moves(person, artifact=artifact.pk)


@prepared
def newest_moves(person: User, *, artifact: Any) -> QuerySet[Move]:
    seen = Version.objects.visible_to(person)
    origin = Subquery(seen.filter(pk=OuterRef("before")).values("number"))
    known = Move.objects.filter(artifact=artifact, version__in=seen).annotate(origin=origin)
    heavy = [f"version__{field}" for field in ("notes", "metrics", "parameters")]
    return known.select_related("version", "by").defer(*heavy)[:MOST_MOVES]


def moved(artifact: Artifact, move: Move) -> dict[str, Any]:
    """A move of an alias as the timeline takes it."""
    number: int | None = move.origin  # type: ignore[attr-defined]
    origin = f"from {number} " if number else ""
    said = f"{move.alias} {'went back' if move.rollback else 'moved'} {origin}to {move.version.number}"
    return {
        "at": move.at,
        "icon": "undo" if move.rollback else "arrow",
        "state": "warn" if move.rollback else "neutral",
        "sentence": said,
        "href": of_artifact(artifact, "version", number=move.version.number),
        "meta": f"{move.by}: “{move.reason}”" if move.reason else str(move.by),
    }
