"""The page of an artifact: its versions, its aliases and their moves, and the commands of programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery

from governance.models import User
from registry import reading
from registry.models import Alias, Artifact, Move, Version
from registry.policies.restricted_edit import restricted_edit
from registry.presenting.addresses import of_artifact
from registry.presenting.commands import commands
from registry.presenting.listing import checks_said, finding_counts, said_of
from registry.presenting.parts import role_says_no
from registry.presenting.words import first_metric

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
    return {
        "artifact": artifact,
        "section": artifact.plural,
        "reads": reads,
        "versions": rows(artifact, versions[:MOST_VERSIONS], aliases),
        "more_versions": len(versions) > MOST_VERSIONS,
        "aliases": aliases,
        "moves": [moved(artifact, move) for move in moves(person, artifact)],
        "pushes": reads and not role_says_no(person, "version.add", artifact),
        "edits": not (role_says_no(person, "artifact.edit", artifact) or restricted_edit(person, artifact)),
        "commands": commands(server, artifact, versions, aliases),
    }


def rows(artifact: Artifact, versions: Sequence[Version], aliases: Sequence[Alias]) -> list[VersionRow]:
    counts = finding_counts(version.pk for version in versions)
    for version in versions:
        version.artifact = artifact
    return [row(version, said_of(version, counts.get(version.pk, {})), aliases) for version in versions]


def row(version: Version, findings: str, aliases: Sequence[Alias]) -> VersionRow:
    word = checks_said(version) if version.state == "checking" else ""
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
