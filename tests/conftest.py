"""What every test needs: what tests committed taken away, no network beyond this machine."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.core.servers.basehttp import ServerHandler
from django.db import connection, transaction
from django.test import TransactionTestCase

from registry import sandbox, storage
from registry.keeping import tables

real_connect = socket.socket.connect


def local_connect(self: socket.socket, address: object) -> None:
    """The network is this machine."""
    if self.family != socket.AF_UNIX and address[0] not in {"127.0.0.1", "::1", "localhost"}:  # type: ignore[index]
        raise OSError(f"tests do not reach {address}")
    real_connect(self, address)


socket.socket.connect = local_connect  # type: ignore[method-assign]


settings.PASSWORD_HASHERS = ["tests.factories.QuickHasher"]

UNDER_WAY: set[ServerHandler] = set()
ENDED = threading.Condition()
real_run = ServerHandler.run


def counted_run(self: ServerHandler, application: object) -> None:
    """A browser that is closed leaves requests to the live server, which go on and write."""
    with ENDED:
        UNDER_WAY.add(self)
    try:
        real_run(self, application)
    finally:
        with ENDED:
            UNDER_WAY.discard(self)
            ENDED.notify_all()


ServerHandler.run = counted_run


# What migrating made is there for all tests.
STAYS = {"django_migrations", "django_content_type", "auth_permission"}


def delete_what_is_there(self: TransactionTestCase) -> None:
    """Instead of Django's flush, which makes every table anew: a test fills a few of them. The triggers that
    keep rows where they are refuse this, as they must; their owner may lift them between two tests."""
    with ENDED:
        assert ENDED.wait_for(lambda: not UNDER_WAY, timeout=30), "the live server is still answering"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(which_are_filled())
        filled = [tables.Table(name, []) for (name,) in cursor.fetchall()]
        tables.alter(cursor, filled, "DISABLE")
        for table in filled:
            cursor.execute(f"DELETE FROM {tables.quoted(table.name)}")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        tables.alter(cursor, filled, "ENABLE")


@cache
def which_are_filled() -> str:
    names = sorted(set(connection.introspection.django_table_names(only_existing=True)) - STAYS)
    return " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT FROM {tables.quoted(name)})" for name in names
    )


TransactionTestCase._fixture_teardown = delete_what_is_there  # type: ignore[method-assign]


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes are named by their argument: a time inside them would give each worker tests of other names."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture(autouse=True)
def own_blobs(tmp_path: Path) -> Iterator[None]:
    """Every test has a blob folder and master keys of its own."""
    blobs, key_file = settings.BLOBS, settings.MASTER_KEYS_FILE
    folder = tmp_path / "blobs"
    folder.mkdir()
    settings.BLOBS, settings.MASTER_KEYS_FILE = f"file://{folder}", tmp_path / "master_keys"
    settings.SIGNING_KEY_FILE = tmp_path / "signing_key"
    storage.make()
    yield
    settings.BLOBS, settings.MASTER_KEYS_FILE = blobs, key_file


@pytest.fixture(scope="session", autouse=True)
def sandbox_ends() -> Iterator[None]:
    """The warm parent of the sandbox does not outlive the tests."""
    yield
    sandbox.SANDBOX.stop()
