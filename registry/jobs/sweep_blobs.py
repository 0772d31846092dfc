"""Delete blobs that no row knows: what a killed upload left. Blobs come before rows, hence the grace."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from governance.schedule import every
from registry import storage
from registry.keeping.tables import sweeping
from registry.models import Blob

GRACE = timedelta(days=1)


@every(seconds=3600)
def sweep_blobs() -> None:
    """Not while a backup copies what it has seen: the next turn finds the same blobs."""
    with sweeping() as allowed:
        if allowed:
            sweep()


def sweep() -> None:
    before = timezone.now() - GRACE
    for name, written_at in storage.names():
        if written_at < before and not Blob.objects.filter(name=name).exists():
            storage.delete(name)
