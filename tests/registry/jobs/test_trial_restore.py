"""Each week a backup is restored on trial, beside everything and without leaving anything."""

from __future__ import annotations

import inspect

import pytest
from django.db import ProgrammingError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from governance.errors import Problem
from governance.models import Event
from registry.jobs.nightly_backup import nightly_backup
from registry.jobs.trial_restore import trial_restore
from registry.keeping import trial
from tests.registry.keeping.conftest import members_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def backup(waiting, tmp_path, settings):
    settings.BACKUPS = str(tmp_path)
    nightly_backup()
    (made,) = tmp_path.glob("*.backup")
    return made


@pytest.fixture
def another_database(transactional_db, monkeypatch):
    """Django's tests reach the databases that they declare; this one is made by what is tested."""
    case = inspect.getclosurevars(BaseDatabaseWrapper.ensure_connection).nonlocals["cls"]
    monkeypatch.setattr(case, "databases", {"default", trial.ALIAS})


def databases() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE '%_trial'")
        return [name for (name,) in cursor.fetchall()]


@pytest.mark.slow
def test_a_trial_restores_beside_everything_and_leaves_nothing(backup, another_database):
    said = trial_restore()

    assert said == f"{backup.name} was restored on trial: 1 version, and 1 file opened."
    assert Event.objects.get(action="backup.try").after == {"file": backup.name, "found": said}
    assert (databases(), "trial" in connections.databases) == ([], False)


def test_a_damaged_backup_fails_the_trial_and_leaves_nothing(backup):
    member = next(iter(members_of(backup, "blobs/").values()))
    content = bytearray(backup.read_bytes())
    content[member.at + 60] ^= 1
    backup.write_bytes(content)

    with pytest.raises(Problem) as failed:
        trial_restore()

    assert failed.value.sentence == f"{backup} is damaged: {member.name} is not what was written."
    assert databases() == []


def test_a_role_that_may_make_no_database_verifies_and_says_so(backup, monkeypatch):
    def refuse(statement: str) -> None:
        if statement.startswith("CREATE"):
            raise ProgrammingError("permission denied to create database")

    monkeypatch.setattr(trial, "run", refuse)

    assert trial_restore() == (
        f"{backup.name} is whole. Its tables were not loaded: this database role may not make a database."
    )


def test_without_a_backup_there_is_nothing_to_try(tmp_path, settings):
    settings.BACKUPS = str(tmp_path)

    assert trial_restore() is None
