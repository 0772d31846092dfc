"""Delete blobs that nothing uses: what drafts gave up, what a killed upload left, and files that came in part
and were never sent on.

Blobs come before rows, hence the grace.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from governance.models import User
from governance.schedule import every
from registry import storage
from registry.actions.blobs import Store, end_uploads, free_blobs
from registry.keeping.tables import sweeping
from registry.models import Blob

GRACE = timedelta(days=1)
PATIENCE = timedelta(days=7)  # with a file of which a part has come


@every(seconds=3600)
def sweep_blobs() -> str | None:
    """Not while a backup copies what it has seen: the next turn finds the same blobs."""
    with sweeping() as allowed:
        return sweep(timezone.now() - GRACE) if allowed else None


def sweep(before: datetime) -> str | None:
    while end_uploads(Store(), older_than=timezone.now() - PATIENCE, by=User.system()):
        pass
    freed = 0
    while batch := free_blobs(Store(), older_than=before, by=User.system()):
        freed += batch
    delete_unknown(before)
    return f"Freed {freed:,} blobs that no version uses." if freed else None


def delete_unknown(before: datetime) -> None:
    """Those without a row."""
    for name, written_at in storage.names():
        if written_at < before and not Blob.objects.filter(name=name).exists():
            storage.delete(name)
