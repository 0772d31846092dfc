"""Incidents are derived again from what is so now."""

from __future__ import annotations

from django.db import transaction

from registry import incidents
from registry.actions.artifacts import lock


@transaction.atomic
def derive_incidents(artifact_id: int) -> int:
    """Below one artifact; how many changed."""
    return incidents.derive(lock(artifact_id))
