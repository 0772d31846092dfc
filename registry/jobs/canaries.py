"""Every night, known-bad files go through the checks: a scanner that lets one pass closes promotion."""

from __future__ import annotations

from governance.errors import Unavailable
from governance.schedule import at
from registry.actions.canaries import send_canaries
from registry.models.canaries import missed_now


@at(hour=2, minute=15)
def canaries() -> str | None:
    """The workers look at them. A scanner that is blind keeps this job's alarm on."""
    missed = missed_now()
    send_canaries()
    if missed:
        raise Unavailable(f"The last round let through: {', '.join(missed)}. Another one is out.")
    return None
