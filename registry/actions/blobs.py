"""Blobs that no version uses any more are freed: drafts gave them up."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef

from governance import access, audit
from governance.audit import action
from governance.models import User
from registry import storage
from registry.models import Blob, File, Part, Upload

MOST = 1000


@dataclass(frozen=True)
class Store:
    """Where blobs lie. It belongs to the site, not to a team."""

    label: str = "site/blobs"


@action("blob.free")
def free_blobs(store: Store, *, older_than: datetime, among: Collection[int] | None = None, by: User) -> int:
    """Delete rows that no file uses, nor one on its way, at most a thousand, and their bytes after commit;
    returns how many. Whoever takes such a row up again locks it first: those are left alone."""
    access.check(by, "blob.free", store)
    used = Exists(File.objects.filter(blob=OuterRef("pk"))) | Exists(Part.objects.filter(blob=OuterRef("pk")))
    unused = Blob.objects.filter(~used, created_at__lt=older_than)
    if among is not None:
        unused = unused.filter(pk__in=among)
    held = list(unused.select_for_update(skip_locked=True).values_list("pk", flat=True)[:MOST])
    # Asked again: a lock that ended a moment ago may have left a file that the first question did not see.
    free = list(unused.filter(pk__in=held))
    Blob.objects.filter(pk__in=[blob.pk for blob in free]).delete()
    if free:
        after = {"blobs": len(free), "size": sum(blob.size for blob in free)}
        audit.record("blob.free", store, by=by, after=after)
    for blob in free:
        transaction.on_commit(partial(storage.delete, blob.name))
    return len(free)


@action("blob.free")
def end_uploads(store: Store, *, older_than: datetime, by: User) -> int:
    """Forget files of which nothing has come since, at most a thousand; returns how many. Their bytes are
    freed like all that nothing uses."""
    access.check(by, "blob.free", store)
    old = Upload.objects.filter(touched_at__lt=older_than).select_for_update(skip_locked=True)
    keys = [upload.pk for upload in old.order_by("touched_at")[:MOST]]
    Upload.objects.filter(pk__in=keys).delete()
    return len(keys)
