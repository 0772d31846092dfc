"""Pick up checks that were asked for and never ran: a queue may lose messages, the database may not."""

from __future__ import annotations

from governance.schedule import every
from registry import canaries, checking, evaluations, tasks

SECONDS = 20


@every(seconds=SECONDS)
def overdue_checks() -> None:
    """What nobody took up before the next run asks again is dropped: while the store is away, it would
    pile up."""
    for version_id in checking.overdue(limit=500):
        tasks.run_checks.apply_async((version_id,), expires=SECONDS)
    for round_id in canaries.overdue():
        tasks.run_canaries.apply_async((round_id,), expires=SECONDS)
    for evaluation_id in evaluations.overdue(limit=100):
        tasks.evaluate.apply_async((evaluation_id,), expires=SECONDS)
