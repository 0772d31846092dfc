"""Files that arrive in pieces: each sealed while it is read, all joined at the end. Why so:
docs/decisions/0021-uploads-in-parts.md."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

from django.utils import timezone

from governance.alone import alone
from governance.errors import Invalid, Unavailable
from governance.models import User
from registry import actions, storage
from registry.actions.blobs import Store, free_blobs
from registry.keeping.tables import sweeping
from registry.models import Blob, Upload
from registry.receiving import discard
from registry.storage import Stored

# What a process that is killed loses of a file that comes in one request.
PART = 64 << 20
JOINING = 0x57E3A34  # the space of locks of uploads


class Cut:
    """At most `left` bytes of a stream. One that breaks off has ended there."""

    def __init__(self, stream: BinaryIO, left: int) -> None:
        self.stream, self.left = stream, left

    def read(self, size: int, /) -> bytes:
        try:
            piece = self.stream.read(min(size, self.left))
        except OSError:
            piece = b""
        self.left -= len(piece)
        return piece


def go_on(upload: Upload, start: int, stream: BinaryIO, length: int, *, by: User) -> Upload:
    """Store `length` bytes of a file from `start` on, part by part: what came before a cut is kept. When that
    is all, the file is in its draft."""
    upload = actions.expect_part(upload, start, length, by=by)
    end = start + length
    while upload.received < end:
        wanted = min(PART, end - upload.received)
        stored = storage.store(Cut(stream, wanted))
        if not stored.size:
            discard(stored)
        else:
            upload = keep_part(upload, stored, by=by)
        if stored.size < wanted:
            raise Invalid(f"{length} bytes were announced, {upload.received - start} came and are kept.")
    if upload.received == upload.size:
        finish(upload, by=by)
        upload.refresh_from_db()
    return upload


def keep_part(upload: Upload, stored: Stored, *, by: User) -> Upload:
    try:
        return actions.keep_part(upload, upload.received, stored, by=by)
    except BaseException:
        discard(stored)
        raise


def finish(upload: Upload, *, by: User) -> None:
    """Join the parts of a file and put it into its draft. One that is not what was announced is forgotten."""
    with alone(JOINING, upload.pk % 2**31) as mine:
        if not mine:
            raise Unavailable(f"The parts of {upload.path} are being joined: ask again in a moment.")
        put_together(upload, by=by)


def put_together(upload: Upload, *, by: User) -> None:
    parts = [part.blob for part in upload.parts.select_related("blob")]
    stored = None if len(parts) == 1 else joined(parts, upload.size)
    came = (stored or parts[0]).sha256
    try:
        if upload.sha256 not in {"", came}:
            actions.drop_upload(upload, by=by)
            raise Invalid(f"{upload.path} is not what was announced, by its SHA-256: send it again.")
        actions.finish_upload(upload, stored, by=by)
    except BaseException:
        if stored:
            discard(stored)
        raise
    free(parts)


def joined(parts: Sequence[Blob], size: int) -> Stored:
    with storage.Writer(size) as writer:
        for part in parts:
            for piece in storage.pieces(part):
                writer.write(piece)
        return writer.finish()


def free(parts: Sequence[Blob]) -> None:
    """Delete parts at once that were joined, unless a backup is copying them."""
    with sweeping() as allowed:
        if allowed and len(parts) > 1:
            keys = [part.pk for part in parts]
            free_blobs(Store(), older_than=timezone.now(), among=keys, by=User.system())
