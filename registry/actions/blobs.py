"""Blobs that no version uses any more are freed: drafts gave them up."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import partial, reduce
from operator import or_

from django.db import transaction
from django.db.models import Exists, Model, OuterRef, Q

from governance import access, audit
from governance.audit import action
from governance.models import Team, User
from registry import storage
from registry.models import Blob, File, Part, Upload
from registry.storage import Stored

MOST = 1000
HOLDERS: list[tuple[type[Model], str]] = [(File, "blob"), (Part, "blob")]


@dataclass(frozen=True)
class Store:
    """Where blobs lie. It belongs to the site, not to a team."""

    label: str = "site/blobs"


def keep_blob(team: Team, stored: Stored) -> Blob:
    """The blob row of stored bytes: the team's own of the same content, or a new one. It is locked, so
    that `free_blobs` does not take it away meanwhile."""
    blob, made = Blob.objects.select_for_update(no_key=True).get_or_create(
        team=team,
        sha256=stored.sha256,
        defaults={
            "size": stored.size,
            "name": stored.name,
            "key_version": stored.key_version,
            "wrapped_key": stored.wrapped_key,
        },
    )
    if not made:
        transaction.on_commit(lambda: storage.delete(stored.name))
    return blob


def holds_blobs(model: type[Model], *fields: str) -> None:
    """Say that rows of a model of another app use blobs: such blobs are not freed."""
    HOLDERS.extend((model, field) for field in fields)


def used() -> Q:
    held = [Q(Exists(model._default_manager.filter(**{field: OuterRef("pk")}))) for model, field in HOLDERS]
    return reduce(or_, held)


@action("blob.free")
def free_blobs(store: Store, *, older_than: datetime, among: Collection[int] | None = None, by: User) -> int:
    """Delete rows that no file uses, nor one on its way, at most a thousand, and their bytes after commit;
    returns how many. Whoever takes such a row up again locks it first: those are left alone."""
    access.check(by, "blob.free", store)
    unused = Blob.objects.filter(~used(), created_at__lt=older_than)
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
