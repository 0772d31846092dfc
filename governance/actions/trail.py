"""Whoever takes the trail out of here leaves an event in it."""

from __future__ import annotations

from collections.abc import Mapping

from governance import access, audit
from governance.audit import action
from governance.models import User


@action("trail.export")
def export_trail(user: User, *, form: str, filters: Mapping[str, str], by: User) -> None:
    """What one may read of it, narrowed down by filters, saved as `csv` or `jsonl`."""
    access.check(by, "trail.export", user)
    audit.record("trail.export", user, by=by, after={"form": form, "filters": dict(filters)})
