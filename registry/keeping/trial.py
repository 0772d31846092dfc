"""Trying a backup: verify all of it, load its tables into a database of their own, and open every blob there.

What was never restored is no backup. Nothing of this installation is touched; blobs are read where they
lie in the file, so a trial needs no space for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import ProgrammingError, connections

from governance.templatetags.words import counted
from registry import keys
from registry.crypto import Damaged, SealedFile
from registry.keeping import inspecting
from registry.keeping.container import Backup
from registry.keeping.progress import Say
from registry.keeping.restoring import keys_of, load, refuse_newer, verify
from registry.models import Blob, Version

ALIAS = "trial"


class NoDatabase(Exception):
    """This database role may not make another database."""


def trial(path: Path, say: Say) -> str:
    """Raises what a restore would; says what was tried."""
    backup = Backup(path)
    try:
        held = keys_of(backup, None)
        refuse_newer(backup)
        verify(backup, say)
        with database() as using:
            load(backup, held, using, say)
            blobs = open_all(backup, using)
            versions = Version.objects.using(using).count()
    except NoDatabase:
        return (
            f"{path.name} is whole. Its tables were not loaded: this database role may not make a database."
        )
    finally:
        backup.close()
    found = f"{counted(versions, 'version')}, and {counted(blobs, 'file')} opened"
    return f"{path.name} was restored on trial: {found}."


@contextmanager
def database() -> Iterator[str]:
    """A database that is there for a moment, under an alias of its own."""
    settings: dict[str, Any] = dict(connections.databases["default"])
    name = f"{connections['default'].settings_dict['NAME']}_trial"
    run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')  # of a trial that was killed
    try:
        run(f'CREATE DATABASE "{name}" TEMPLATE template0')
    except ProgrammingError:
        raise NoDatabase from None
    connections.databases[ALIAS] = {**settings, "NAME": name}
    try:
        yield ALIAS
    finally:
        connections[ALIAS].close()
        del connections[ALIAS]
        del connections.databases[ALIAS]
        run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def run(statement: str) -> None:
    """On a connection of its own: databases are not made inside a transaction."""
    own = connections["default"].copy()
    try:
        with own.cursor() as cursor:
            cursor.execute(statement)
    finally:
        own.close()


def open_all(backup: Backup, using: str) -> int:
    """Every blob that a row of the restored tables names, against its digest."""

    def opener(blob: Blob) -> SealedFile:
        data_key = keys.unwrap(blob.key_version, blob.wrapped_key, blob.name)
        return SealedFile(backup.section(f"blobs/{blob.name}"), data_key, blob.name.encode(), blob.name)

    count = 0
    for blob in Blob.objects.using(using).exclude(name__in=backup.head["missing"]).iterator():
        if f"blobs/{blob.name}" not in backup.members:
            raise Damaged(f"The tables name blob {blob.name}, which {backup.path.name} does not hold.")
        inspecting.read_all(blob, opener)
        count += 1
    return count
