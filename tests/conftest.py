"""What every test needs: the trail emptied between tests that commit, no network beyond this machine."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase

from registry import sandbox, storage

real_connect = socket.socket.connect
flush = TransactionTestCase._fixture_teardown


def local_connect(self: socket.socket, address: object) -> None:
    """The network is this machine."""
    if self.family != socket.AF_UNIX and address[0] not in {"127.0.0.1", "::1", "localhost"}:  # type: ignore[index]
        raise OSError(f"tests do not reach {address}")
    real_connect(self, address)


socket.socket.connect = local_connect  # type: ignore[method-assign]


def flush_the_trail_too(self: TransactionTestCase) -> None:
    """The event table refuses TRUNCATE, as it must; its owner may lift that between two tests."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE governance_event DISABLE TRIGGER USER")
    try:
        flush(self)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE governance_event ENABLE TRIGGER USER")


TransactionTestCase._fixture_teardown = flush_the_trail_too  # type: ignore[method-assign]


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
