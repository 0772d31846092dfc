"""Versions are used: fetched, by a live right, on the record."""

from __future__ import annotations

from dataclasses import dataclass

from governance import access, audit
from governance.audit import action
from governance.errors import Absent
from governance.models import User
from registry import storage
from registry.crypto import SealedFile
from registry.models import Finding, Version
from registry.models.versions import File


@dataclass
class Opened:
    """A file that may be sent, and its open, decrypting stream."""

    file: File
    stream: SealedFile


@action("version.download")
def download(version: Version, path: str, *, alias: str = "", acknowledged: bool = False, by: User) -> Opened:
    """Open one file of a version for somebody. The event is written before the first byte leaves."""
    file = version.files.select_related("blob").filter(path=path).first()
    if file is None:
        raise Absent(f"Version {version.number} has no file {path[:120]}.")
    access.check(by, "version.download", version, acknowledged=acknowledged, alias=alias)
    stream = storage.open_blob(file.blob)
    after: dict[str, object] = {"path": file.path, "sha256": file.sha256}
    if alias:
        after["alias"] = alias
    if acknowledged:
        after["acknowledged"] = known_dangers(version)
    try:
        audit.record("version.download", version, by=by, after=after)
    except BaseException:
        stream.close()
        raise
    return Opened(file, stream)


def known_dangers(version: Version) -> list[str]:
    """What somebody who fetches knowingly was told: the open findings that block."""
    blocking = Finding.objects.filter(version=version).blocking()[:20]
    return [f"{finding.severity_word}: {finding.check_name} {finding.name}" for finding in blocking]
