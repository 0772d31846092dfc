"""A small installation with something of everything, a place for backups, and an emptying between."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

from governance.models import User
from registry import storage
from registry.keeping import tables
from registry.keeping.container import Backup, Member
from registry.models import Version
from tests import factories

LARGE = bytes(range(256)) * 5000  # above one segment


@pytest.fixture
def lived_in() -> Version:
    """A team, a frozen version, a draft, and their events."""
    team = factories.team("fraud")
    author = factories.member(team, "data-scientist", username="mara")
    model = factories.artifact(
        team, author, name="scorer", description="Tells fraud from use.\n\t\\N 'quoted'"
    )
    version = factories.submitted(model, author, {"notes.txt": b"plain words\n", "large.txt": LARGE})
    factories.draft(model, author, {"empty.txt": b"", "notes.txt": b"plain words\n"})
    return version


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "steward.backup"


def emptied() -> None:
    """What a first start leaves: tables without a row but the system's, no blob."""
    with transaction.atomic(), connection.cursor() as cursor, tables.loading(cursor, tables.tables(cursor)):
        pass
    ContentType.objects.clear_cache()
    User.system()
    folder = Path(settings.BLOBS.removeprefix("file://"))
    shutil.rmtree(folder, ignore_errors=True)
    storage.make_place()


def rows() -> dict[str, list[tuple]]:
    """Every row of every table that a backup holds."""
    with connection.cursor() as cursor:
        found = {}
        for table in tables.tables(cursor):
            cursor.execute(f"SELECT t::text FROM {tables.quoted(table.name)} t ORDER BY 1")
            found[table.name] = cursor.fetchall()
    return found


def blobs() -> dict[str, bytes]:
    found = {}
    for name, _ in storage.names():
        with storage.read_sealed(name) as file:
            found[name] = file.read()
    return found


def members_of(path: Path, below: str = "") -> dict[str, Member]:
    backup = Backup(path)
    backup.close()
    return {name: member for name, member in backup.members.items() if name.startswith(below)}


def head_of(path: Path) -> dict:
    backup = Backup(path)
    backup.close()
    return backup.head
