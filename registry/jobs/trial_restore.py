"""Once a week, the newest nightly backup is restored on trial, into a database that is dropped afterwards."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from governance import audit
from governance.models import User
from governance.schedule import at
from registry.actions.keeping import BACKUPS
from registry.jobs.nightly_backup import backups
from registry.keeping.progress import silent
from registry.keeping.trial import trial


@at(hour=3, minute=30, weekday="sun")
def trial_restore() -> str | None:
    folder = Path(settings.BACKUPS) if settings.BACKUPS else None
    newest = next(iter(backups(folder).values()), None) if folder and folder.is_dir() else None
    if newest is None:
        return None
    found = trial(newest, silent)
    audit.record("backup.try", BACKUPS, by=User.system(), after={"file": newest.name, "found": found})
    return found
