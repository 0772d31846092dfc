"""Writes below a version that meet others in the database."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from governance.errors import Conflict
from registry import actions, storage
from registry.models import Artifact, File
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

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


def stored(content: bytes) -> storage.Stored:
    return storage.store(io.BytesIO(content), len(content))


def test_a_path_that_was_taken_meanwhile_is_a_conflict(artifact: Artifact, author):
    version = factories.draft(artifact, author)
    blob = version.files.get().blob
    with transaction.atomic():
        File.objects.create(version=version, path="ẞ.txt", blob=blob, added_by=author)
        thread, came = beside(lambda: actions.add_file(version, "ß.txt", stored(b"x"), by=author))
        until_somebody_waits()
    thread.join()

    assert [(type(error), error.sentence) for error in came] == [
        (Conflict, "There is already a file like ß.txt: look at the list again.")
    ]
