"""Canaries are sent out."""

from __future__ import annotations

from django.db import transaction

from registry import tasks
from registry.models import CanaryRound


@transaction.atomic
def send_canaries() -> CanaryRound:
    """Ask for a round of them, unless one is still out. For the clock and for each start."""
    out = CanaryRound.objects.filter(finished_at=None).first()
    if out is None:
        out = CanaryRound.objects.create()
        tasks.enqueue_canaries(out.pk)
    return out
