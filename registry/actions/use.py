"""Versions are used: fetched, by a live right, on the record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from governance import access, audit
from governance.audit import action
from governance.errors import Absent
from governance.models import User
from governance.prepared import prepared
from registry import storage
from registry.crypto import SealedFile
from registry.models import Finding, Version
from registry.models.versions import File
from registry.reading import grant_of


@dataclass
class Opened:
    """A file that may be sent, and its open, decrypting stream."""

    file: File
    stream: SealedFile


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


@action("version.download")
def download(version: Version, path: str, *, alias: str = "", acknowledged: bool = False, by: User) -> Opened:
    """Open one file of a version for somebody. The event is written before the first byte leaves."""
    file = look(version, path, alias=alias, acknowledged=acknowledged, by=by)
    stream = storage.open_blob(file.blob)
    try:
        note(version, {"path": file.path, "sha256": file.sha256}, alias, acknowledged, by)
    except BaseException:
        stream.close()
        raise
    return Opened(file, stream)


@action("version.preview")
def preview(version: Version, path: str, *, acknowledged: bool = False, by: User) -> File:
    """One file of a version for somebody who is about to be shown what is in it: that takes the right to
    fetch it, and is on the record as what it is."""
    file = look(version, path, acknowledged=acknowledged, by=by)
    note(version, {"path": file.path, "sha256": file.sha256}, "", acknowledged, by, action="version.preview")
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
    note(version, {"files": len(files)}, "", acknowledged, by)
    return files


def note(
    version: Version,
    what: dict[str, object],
    alias: str,
    acknowledged: bool,
    by: User,
    action: str = "version.download",
) -> None:
    """The record of a download, with the dangers that somebody was told and went on, and the grant by which
    they read what is restricted."""
    if alias:
        what["alias"] = alias
    grant = grant_of(by, version.artifact)
    if grant is not None:
        what["grant"] = grant.pk
    if acknowledged:
        what["acknowledged"] = known_dangers(version)
    audit.record(action, version, by=by, after=what)


def known_dangers(version: Version) -> list[str]:
    """What somebody who fetches knowingly was told: that it is withdrawn, the open findings that block."""
    blocking = Finding.objects.filter(version=version).blocking()[:20]
    withdrawn = [f"withdrawn: {version.withdrawn_reason}"] if version.withdrawn_at else []
    return withdrawn + [
        f"{finding.severity_word}: {finding.check_name} {finding.name}" for finding in blocking
    ]
