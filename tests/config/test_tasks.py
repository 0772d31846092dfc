"""What tasks share: the database's connection of their thread."""

from __future__ import annotations

import pytest
from celery.fixups.django import DjangoWorkerFixup
from django.db import connection

from config.celery import app, keep_connections

pytestmark = pytest.mark.django_db(transaction=True)


@app.task
def nothing() -> None: ...


def server() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def test_a_task_leaves_its_connection_to_the_next() -> None:
    before = server()

    DjangoWorkerFixup(app).close_database()
    keep_connections(task=nothing)

    assert server() == before


def test_a_connection_that_broke_is_not_left_to_the_next() -> None:
    before = server()
    connection.connection.close()
    connection.errors_occurred = True

    keep_connections(task=nothing)

    assert server() != before
