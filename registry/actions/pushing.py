"""Programs push: the same again is the same version, and what the team holds need not be sent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Exists, OuterRef

from governance import access
from governance.audit import action
from governance.errors import Invalid
from governance.models import User
from governance.names import check_path
from registry.actions.artifacts import lock
from registry.actions.versions import Parent, begin, draft, numbers, place, values
from registry.models import Artifact, Blob, File, Version
from registry.models.versions import VersionQuerySet

DIGEST = re.compile(r"[0-9a-f]{64}")
# So many of the newest versions that hold some of the bytes are asked whether this person may fetch them.
MOST_ASKED = 20

Wanted = tuple[str, int, str]


@action("version.add")
def add_version_once(
    artifact: Artifact,
    *,
    digest: str,
    notes: str = "",
    metrics: Mapping[str, float] | None = None,
    parameters: Mapping[str, Any] | None = None,
    parents: Iterable[Parent] = (),
    by: User,
) -> tuple[Version, bool]:
    """This person's version of exactly these files and facts, and whether it is new: the newest that they
    submitted, or a draft of theirs that goes on, or a new draft, which is frozen under no other digest."""
    artifact = lock(artifact.pk)
    access.check(by, "version.add", artifact)
    if not DIGEST.fullmatch(digest):
        raise Invalid("A digest is 64 hexadecimal digits.", errors={"digest": ["Not a digest."]})
    facts = (notes, numbers(metrics or {}), values(parameters or {}), list(parents))
    there = next((version for version in own(artifact, digest, by) if facts == facts_of(version)), None)
    return (there, False) if there else (begin(artifact, *facts, digest, by=by), True)


def own(artifact: Artifact, digest: str, by: User) -> list[Version]:
    """The newest version that somebody submitted, if it has this digest; then their drafts for it."""
    mine = artifact.versions.filter(added_by=by, deleted_at=None).order_by("-number")
    newest = mine.exclude(submitted_at=None).first()
    same = [newest] if newest is not None and newest.digest == digest else []
    return [*same, *mine.filter(submitted_at=None, announced=digest)]


def facts_of(version: Version) -> tuple[str, dict[str, float], dict[str, Any], list[Parent]]:
    links = version.parents.select_related("parent").order_by("pk")
    parents = [(link.parent, link.relation) for link in links]
    return version.notes, version.metrics, version.parameters, parents


@action("version.add_file")
def add_held_files(version: Version, wanted: Sequence[Wanted], *, by: User) -> list[File]:
    """Put files, as (path, size, SHA-256), into a draft whose bytes the team holds in something that this
    person may fetch. The others are left out, so that nobody learns what else is held."""
    artifact = lock(version.artifact_id)
    version = draft(version, by=by)
    paths = [check_path(path) for path, _, _ in wanted]
    if len(set(paths)) < len(paths):
        twice = next(path for path in paths if paths.count(path) > 1)
        raise Invalid(f"Two files are called {twice}.")
    held = held_for(by, artifact, {sha256 for _, _, sha256 in wanted})
    return [
        place(version, path, held[size, sha256], by=by)
        for path, (_, size, sha256) in zip(paths, wanted, strict=True)
        if (size, sha256) in held
    ]


def held_for(person: User, artifact: Artifact, digests: set[str]) -> dict[tuple[int, str], Blob]:
    """The team's blobs in versions that this person may fetch and in their own drafts. They are locked, so
    that `free_blobs` does not take them away meanwhile."""
    blobs = Blob.objects.filter(team=artifact.team_id, sha256__in=digests)
    holding = File.objects.filter(version=OuterRef("pk"), blob__in=blobs)
    holders = Version.objects.visible_to(person).filter(Exists(holding))
    drafts = holders.filter(submitted_at=None, added_by=person)
    theirs = File.objects.filter(version__in=[*drafts, *fetchable(person, holders)])
    known = blobs.filter(pk__in=theirs.values("blob")).order_by("pk").select_for_update(no_key=True)
    return {(blob.size, blob.sha256): blob for blob in known}


def fetchable(person: User, holders: VersionQuerySet) -> list[Version]:
    """Those that anybody may fetch without saying that they know of a danger."""
    frozen = holders.exclude(submitted_at=None).with_state().select_related("artifact__team", "added_by")
    newest = frozen.order_by("-pk")[:MOST_ASKED]
    return [version for version in newest if access.can(person, "version.download", version)]
