"""Versions are used: fetched, by a live right, on the record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from governance import access, audit
from governance.audit import action
from governance.errors import Absent
from governance.models import User
from governance.prepared import prepared
from registry import storage
from registry.actions import ranges
from registry.crypto import SealedFile
from registry.models import Finding, Version
from registry.models.versions import File
from registry.reading import grant_of


@dataclass
class Opened:
    """A file that may be sent, its open, decrypting stream, and the row of ranges that a part of it is of."""

    file: File
    stream: SealedFile
    row: ranges.Row = None


def file_at(version: Version, path: str) -> File | None:
    return next(iter(files_at(version=version.pk, path=path)), None)


@prepared
def files_at(*, version: Any, path: Any) -> QuerySet[File]:
    return File.objects.filter(version=version, path=path).select_related("blob").order_by()


@action("version.download")
def look(version: Version, path: str, *, alias: str = "", acknowledged: bool = False, by: User) -> File:
    """One file of a version, for somebody who may fetch it and does not yet."""
    file = file_at(version, path)
    if file is None:
        raise Absent(f"Version {version.number} has no file {path[:120]}.")
    access.check(by, "version.download", version, acknowledged=acknowledged, alias=alias)
    return file


def never(file: File) -> bool:
    """The whole file is sent."""
    return False


@action("version.download")
def download(
    version: Version,
    path: str,
    *,
    alias: str = "",
    acknowledged: bool = False,
    is_part: Callable[[File], bool] = never,
    by: User,
) -> Opened:
    """Open one file of a version for somebody. The event is written before the first byte leaves; where only
    a part of the file is sent, that of the first range of a row."""
    file = look(version, path, alias=alias, acknowledged=acknowledged, by=by)
    stream = storage.open_blob(file.blob)
    try:
        said = what(version, {"path": file.path, "sha256": file.sha256}, alias, acknowledged, by)
        if is_part(file):
            return Opened(file, stream, ranges.record(version, said, by))
        audit.record("version.download", version, by=by, after=said)
    except BaseException:
        stream.close()
        raise
    return Opened(file, stream)


@action("version.preview")
def preview(version: Version, path: str, *, acknowledged: bool = False, by: User) -> File:
    """One file of a version for somebody who is about to be shown what is in it: that takes the right to
    fetch it, and is on the record as what it is."""
    file = look(version, path, acknowledged=acknowledged, by=by)
    said = what(version, {"path": file.path, "sha256": file.sha256}, "", acknowledged, by)
    audit.record("version.preview", version, by=by, after=said)
    return file


@action("version.download")
def look_at_all(version: Version, *, acknowledged: bool = False, by: User) -> list[File]:
    """All files of a version, by path, for somebody who may fetch them and does not yet."""
    access.check(by, "version.download", version, acknowledged=acknowledged)
    return list(version.files.select_related("blob").order_by("path"))


@action("version.download")
def download_all(version: Version, *, acknowledged: bool = False, by: User) -> list[File]:
    """All files of a version for somebody who fetches them at once: one event."""
    files = look_at_all(version, acknowledged=acknowledged, by=by)
    said = what(version, {"files": len(files)}, "", acknowledged, by)
    audit.record("version.download", version, by=by, after=said)
    return files


def what(
    version: Version, fetched: dict[str, object], alias: str, acknowledged: bool, by: User
) -> dict[str, object]:
    """What the event of a download says: with the dangers that somebody was told and went on, and the grant
    by which they read what is restricted."""
    said = dict(fetched)
    if alias:
        said["alias"] = alias
    grant = grant_of(by, version.artifact)
    if grant is not None:
        said["grant"] = grant.pk
    if acknowledged:
        said["acknowledged"] = known_dangers(version)
    return said


def known_dangers(version: Version) -> list[str]:
    """What somebody who fetches knowingly was told: that it is withdrawn, the open findings that block."""
    blocking = Finding.objects.filter(version=version).blocking()[:20]
    withdrawn = [f"withdrawn: {version.withdrawn_reason}"] if version.withdrawn_at else []
    return withdrawn + [
        f"{finding.severity_word}: {finding.check_name} {finding.name}" for finding in blocking
    ]
