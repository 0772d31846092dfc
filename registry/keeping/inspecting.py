"""Inspecting: each blob against its digest, each row against its blob and key, each frozen version against
its digest. What is broken is said, recorded and told; nothing is repaired here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import TypeVar

from django.db import transaction
from django.db.models import F, QuerySet, Sum
from django.utils import timezone

from governance import audit
from governance.models import User
from governance.telling import tell
from governance.templatetags.words import counted
from registry import keys, storage
from registry.crypto import Damaged, SealedFile
from registry.digests import digest_of
from registry.keeping.progress import Progress, Say
from registry.models import Blob, Inspection, Version

BATCH = 100
PIECE = 1 << 20
GRACE = timedelta(days=1)
STALE = timedelta(days=7)  # an inspection cut off longer ago is begun again
MOST = 1000  # troubles that a row keeps

Opener = Callable[[Blob], SealedFile]
M = TypeVar("M", Blob, Version)


@dataclass(frozen=True)
class Slice:
    """Every `of`-th blob and version; the first slice also looks for blobs without rows."""

    number: int = 1
    of: int = 1


def inspect(part: Slice, quick: bool, say: Say) -> Inspection:
    """Look at a slice, going on where an earlier look at it was cut off."""
    inspection = begin(part, quick, say)
    look_at_blobs(inspection, part, say)
    look_at_versions(inspection, part)
    if part.number == 1:
        inspection.strangers = sum(1 for _ in strangers())
    inspection.finished_at = timezone.now()
    inspection.save()
    return inspection


def begin(part: Slice, quick: bool, say: Say) -> Inspection:
    same = Inspection.objects.filter(slice=part.number, slices=part.of, quick=quick)
    cut = same.filter(finished_at=None, started_at__gt=timezone.now() - STALE).first()
    if cut:
        say(f"Going on behind the {counted(cut.blobs, 'file')} that were looked at before the cut.")
    return cut or Inspection.objects.create(slice=part.number, slices=part.of, quick=quick)


def sliced(rows: QuerySet[M], part: Slice) -> QuerySet[M]:
    return rows.annotate(turn=F("pk") % part.of).filter(turn=part.number % part.of)


def walk(rows: QuerySet[M], after: int) -> Iterator[list[M]]:
    """Small batches, each read anew: rows and keys change while this takes hours."""
    while batch := list(rows.filter(pk__gt=after).order_by("pk")[:BATCH]):
        yield batch
        after = batch[-1].pk


# ------------------------------------------------------------------ blobs


def look_at_blobs(inspection: Inspection, part: Slice, say: Say) -> None:
    blobs = sliced(Blob.objects.select_related("team"), part)
    left = blobs.filter(pk__gt=inspection.at_blob).aggregate(size=Sum("size"))["size"]
    progress = Progress("Files", left or 0, say)
    for batch in walk(blobs, inspection.at_blob):
        for blob in batch:
            note_blob(inspection, blob, trouble_of(blob, inspection.quick))
            progress(blob.size)
        inspection.at_blob = batch[-1].pk
        inspection.save()


def trouble_of(blob: Blob, quick: bool) -> str | None:
    """What is wrong with a blob in one sentence, or nothing."""
    if blob.key_version not in keys.load().versions:
        return f"The master key has no version {blob.key_version}, which blob {blob.name} needs."
    try:
        if quick:
            glance(blob)
        else:
            read_all(blob, storage.open_blob)
    except Damaged as damaged:
        return None if gone(blob) else damaged.sentence
    return None


def glance(blob: Blob) -> None:
    """It is there, as long as it must be, and its key opens its first and last bytes."""
    storage.open_blob(blob).close()


def read_all(blob: Blob, opener: Opener) -> None:
    with opener(blob) as file:
        found = hashlib.sha256()
        while piece := file.read1(PIECE):
            found.update(piece)
    if found.hexdigest() != blob.sha256:
        raise Damaged(f"The stored bytes of blob {blob.name} are not those that were sent.")


def gone(blob: Blob) -> bool:
    """Whether its row went while it was looked at."""
    return not Blob.objects.filter(pk=blob.pk).exists()


def note_blob(inspection: Inspection, blob: Blob, trouble: str | None) -> None:
    inspection.blobs += 1
    inspection.size += blob.size
    if trouble:
        files = blob.files.select_related("version__artifact__team")[:20]
        named = sorted(f"{file.version.label}/files/{file.path}" for file in files)
        broken(inspection, blob, trouble, {"files": named})


# ------------------------------------------------------------------ versions


def look_at_versions(inspection: Inspection, part: Slice) -> None:
    frozen = Version.objects.exclude(submitted_at=None).select_related("artifact__team")
    for batch in walk(sliced(frozen, part), inspection.at_version):
        for version in batch:
            note_version(inspection, version)
        inspection.at_version = batch[-1].pk
        inspection.save()


def note_version(inspection: Inspection, version: Version) -> None:
    inspection.versions += 1
    if digest_of(version) != version.digest:
        broken(inspection, version, f"The files of {version.label} are not those it was frozen with.", {})


def broken(inspection: Inspection, thing: Blob | Version, trouble: str, held: dict[str, object]) -> None:
    """On the record, and told to who runs this server."""
    inspection.troubles = [*inspection.troubles, {"label": thing.label, "trouble": trouble, **held}][:MOST]
    with transaction.atomic():
        audit.record("blob.damaged", thing, by=User.system(), after={"trouble": trouble, **held})
        # About the job: the administrator sees nothing of what a team owns, so nothing that is told of it.
        tell("job-failed", User.objects.filter(is_superuser=True), "jobs/fsck_slice", trouble)


# ------------------------------------------------------------------ blobs without rows


def strangers() -> Iterator[str]:
    """Names of blobs that no row knows and no upload can be about to make known."""
    before = timezone.now() - GRACE
    old = (name for name, written_at in storage.names() if written_at < before)
    while some := list(islice(old, 1000)):
        known = set(Blob.objects.filter(name__in=some).values_list("name", flat=True))
        yield from (name for name in some if name not in known)
