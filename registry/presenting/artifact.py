"""The page of an artifact: its versions, its aliases and their moves, and how to push and fetch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from governance.models import User
from registry.models import Alias, Artifact, Version
from registry.models.aliases import PROTECTED
from registry.presenting.addresses import of_api
from registry.presenting.listing import checks_said, finding_counts, first_metric, said_of
from registry.presenting.parts import role_says_no

SIGN = '-H "Authorization: Bearer $STEWARD_TOKEN"'
EXAMPLES = {"model": "model.pkl", "dataset": "data.csv", "asset": "report.md"}
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
    aliases = list(artifact.aliases.select_related("version"))
    moves = list(
        artifact.moves.filter(version__in=seen.values("pk")).select_related("version", "before", "by")[
            :MOST_MOVES
        ]
    )
    return {
        "artifact": artifact,
        "section": artifact.plural,
        "versions": rows(artifact, versions[:MOST_VERSIONS], aliases),
        "more_versions": len(versions) > MOST_VERSIONS,
        "aliases": aliases,
        "moves": moves,
        "pushes": not role_says_no(person, "version.add", artifact),
        "edits": not role_says_no(person, "artifact.edit", artifact),
        "push": push_lines(server, artifact, versions[0].number + 1 if versions else 1),
        "fetch": fetch_line(server, artifact, versions, aliases),
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


# ------------------------------------------------------------------ commands


def push_lines(server: str, artifact: Artifact, number: int) -> str:
    """Begin, upload, submit: three requests."""
    versions, path = f"{server}{of_api(artifact.label)}/versions/", EXAMPLES[artifact.kind]
    return "\n".join(
        [
            f"curl {SIGN} --json '{{}}' {versions}",
            f"curl {SIGN} -T {path} {versions}{number}/files/{path}",
            f"curl {SIGN} -X POST {versions}{number}/submit",
        ]
    )


def fetch_line(server: str, artifact: Artifact, versions: Sequence[Version], aliases: Sequence[Alias]) -> str:
    """By alias where there is one, so that the command stays the same when the version moves."""
    held = {alias.name: alias.version for alias in aliases}
    alias = next((name for name in [*reversed(PROTECTED), *held] if name in held), "")
    version = held[alias] if alias else next(iter(versions), None)
    file = version.files.first() if version else None
    below = f"aliases/{alias}" if alias else f"versions/{version.number if version else 1}"
    path = quote(file.path) if file else EXAMPLES[artifact.kind]
    return f"curl {SIGN} -O {server}{of_api(artifact.label)}/{below}/files/{path}"
