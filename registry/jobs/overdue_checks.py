"""Pick up checks that were asked for and never ran: a queue may lose messages, the database may not."""

from __future__ import annotations

from governance.schedule import every
from registry import checking, tasks


@every(seconds=20)
def overdue_checks() -> None:
    for version_id in checking.overdue(limit=500):
        tasks.run_checks.delay(version_id)
