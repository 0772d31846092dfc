"""The page of an artifact: its versions, its aliases and their moves, and the commands of programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery

from governance import access
from governance.models import User
from registry import reading
from registry.models import Alias, Artifact, Move, Version
from registry.policies.answers_for_it import answers_for_it
from registry.policies.restricted_edit import restricted_edit
from registry.presenting import incidents, usage
from registry.presenting.addresses import of_artifact
from registry.presenting.commands import commands
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


def page(person: User, artifact: Artifact, server: str) -> dict[str, Any]:
    """`server` is its own address as the person reached it: commands are there to be copied."""
    seen = artifact.versions.visible_to(person).with_state().select_related("added_by")
    versions = list(seen.order_by("-number")[: MOST_VERSIONS + 1])
    aliases = list(artifact.aliases.visible_to(person).select_related("version"))
    reads = reading.reads(person, artifact)
    mine = Count("pk", filter=Q(person=person))
    follows = artifact.follows.aggregate(all=Count("pk"), mine=mine)
    return {
        "artifact": artifact,
        "section": artifact.plural,
        "reads": reads,
        "versions": rows(artifact, versions[:MOST_VERSIONS], aliases),
        "more_versions": len(versions) > MOST_VERSIONS,
        "aliases": aliases,
        "moves": [moved(artifact, move) for move in moves(person, artifact)],
        "follows": bool(follows["mine"]),
        "followers": follows["all"],
        "use": usage.of(person, artifact) if reads else None,
        "pushes": reads and not (artifact.archived_at or role_says_no(person, "version.add", artifact)),
        "edits": not (artifact.archived_at or role_says_no(person, "artifact.edit", artifact))
        and restricted_edit(person, artifact) is None,
        "notices": notices(person, artifact),
        "more": more(person, artifact, used=bool(aliases)),
        "commands": commands(server, artifact, versions, aliases),
    }


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
    seen = Version.objects.visible_to(person)
    origin = Subquery(seen.filter(pk=OuterRef("before")).values("number"))
    known = artifact.moves.filter(version__in=seen).annotate(origin=origin)
    return list(known.select_related("version", "by")[:MOST_MOVES])


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
