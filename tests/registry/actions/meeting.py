"""How tests let two writes meet in the database, one of them in a transaction of the test's own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from django.db import connection

WAITS = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"


def beside(work: Callable[[], object]) -> tuple[threading.Thread, list[object]]:
    """Begin something on a connection of its own: its thread, and what comes of it once that has ended."""
    came: list[object] = []

    def run() -> None:
        try:
            came.append(work())
        except Exception as error:
            came.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, came


def until_somebody_waits() -> None:
    """Until another connection waits for a lock of this one."""
    for _ in range(500):
        with connection.cursor() as cursor:
            cursor.execute(WAITS)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    raise AssertionError("nobody waits")
