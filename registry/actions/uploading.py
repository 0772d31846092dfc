"""Files that come in pieces: begun once, gone on with after a cut, put into their draft when all is there.

Until then nobody but their sender sees anything of them, so only the last step is an event. Why in parts:
docs/decisions/0021-uploads-in-parts.md.
"""

from __future__ import annotations

from django.utils import timezone

from governance.audit import action
from governance.errors import Absent, Conflict, Invalid, TooLarge
from governance.models import User
from governance.names import check_path
from registry.actions.artifacts import lock
from registry.actions.pushing import DIGEST
from registry.actions.versions import MOST_FILES, at_path, draft, expected, free_path, keep, place
from registry.models import Artifact, File, Part, Upload, Version
from registry.storage import Stored

MOST_PARTS = 20_000
GONE = "This upload was ended meanwhile: begin it again."


@action("version.add_file")
def begin_upload(
    version: Version, path: str, size: int, *, sha256: str = "", mark: str = "", by: User
) -> tuple[Upload, bool]:
    """The upload of this content to this path of a draft, and whether it begins now: one that was cut off or
    ended goes on to count. Another content takes its place."""
    lock(version.artifact_id)
    version = draft(version, by=by)
    path = check_path(path)
    if sha256 and not DIGEST.fullmatch(sha256):
        raise Invalid("A digest is 64 hexadecimal digits.", errors={"sha256": ["Not a digest."]})
    expected(version, path, by=by)
    free_path(version, path)
    there = version.uploads.filter(path=path).first()
    if there and same(there, size, sha256, mark, by) and (not there.done or holds(version, there)):
        touch(there)
        return there, False
    if there:
        there.delete()
    elif version.uploads.count() >= MOST_FILES:
        raise Conflict(f"A version holds at most {MOST_FILES:,} files: pack some of them.")
    about = {"path": path, "size": size, "sha256": sha256, "mark": mark}
    return Upload.objects.create(version=version, added_by=by, **about), True


def same(upload: Upload, *about: object) -> bool:
    return (upload.size, upload.sha256, upload.mark, upload.added_by) == about


def holds(version: Version, upload: Upload) -> bool:
    """Whether what this upload brought is still at its path."""
    file = at_path(version, upload.path)
    return file is not None and (file.path, file.sha256) == (upload.path, upload.done)


def touch(upload: Upload) -> None:
    upload.touched_at = timezone.now()
    upload.save(update_fields=["touched_at"])


@action("version.add_file")
def expect_part(upload: Upload, start: int, length: int, *, by: User) -> Upload:
    """Refuse what `keep_part` would refuse, before anything is sent. The upload as it is now."""
    _, upload = current(upload, by=by)
    refuse_elsewhere(upload, start)
    if start + length > upload.size:
        raise Invalid(f"{upload.path} has {upload.size:,} bytes: this would be more.")
    return upload


@action("version.add_file")
def keep_part(upload: Upload, start: int, stored: Stored, *, by: User) -> Upload:
    """Keep what came from a place on. Of two who send the same place, the first counts."""
    artifact, upload = current(upload, by=by)
    refuse_elsewhere(upload, start)
    if upload.parts.count() >= MOST_PARTS:
        raise TooLarge(f"This file came in {MOST_PARTS:,} pieces: begin it again with larger ones.")
    Part.objects.create(upload=upload, start=start, blob=keep(artifact, stored))
    upload.received = start + stored.size
    upload.touched_at = timezone.now()
    upload.save(update_fields=["received", "touched_at"])
    return upload


@action("version.add_file")
def finish_upload(upload: Upload, stored: Stored | None, *, by: User) -> File:
    """Put all that came into the draft: `stored`, or the only part. Twice is once."""
    artifact, upload = current(upload, by=by)
    if upload.done and holds(upload.version, upload):
        return upload.version.files.select_related("blob").get(path=upload.path)
    blob = keep(artifact, stored) if stored else upload.parts.select_related("blob").get().blob
    file = place(upload.version, upload.path, blob, by=by)
    upload.parts.all().delete()
    upload.done = blob.sha256
    upload.save(update_fields=["done"])
    return file


@action("version.add_file")
def drop_upload(upload: Upload, *, by: User) -> None:
    """Forget what came. Its bytes are freed when nothing uses them."""
    current(upload, by=by)[1].delete()


def current(upload: Upload, *, by: User) -> tuple[Artifact, Upload]:
    """It with its draft, read after the lock, when this person may still put files there."""
    artifact = lock(upload.version.artifact_id)
    version = draft(upload.version, by=by)
    found = version.uploads.filter(pk=upload.pk, added_by=by).first()
    if found is None:
        raise Absent(GONE)
    found.version = version
    return artifact, found


def refuse_elsewhere(upload: Upload, start: int) -> None:
    if start != upload.received or upload.done:
        raise Conflict(f"{upload.received:,} bytes of {upload.path} are here: go on from there.")
