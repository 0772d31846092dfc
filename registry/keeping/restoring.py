"""Restoring a backup into an installation that is empty: verify the whole, then blobs, then the tables.

Until the last statement the database is as it was, so a restore that was killed is simply begun again: the
blobs that it has written are found and not written twice.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.db import connections, transaction
from django.db.migrations.executor import MigrationExecutor

from governance import audit, following
from governance.errors import Conflict, Invalid, Unavailable
from governance.models import User
from registry import keys, storage
from registry.crypto import Damaged, SealedFile
from registry.keeping import tables
from registry.keeping.container import PIECE, Backup, Member
from registry.keeping.making import bound
from registry.keeping.progress import Progress, Say
from registry.keys import MasterKeys

# Hashing wants both cores of a small machine, writing waits for the disk.
READERS = 2
WRITERS = 8
# One row of any of these and somebody works here already.
SIGNS = {
    "governance_team": "SELECT 1 FROM governance_team",
    "registry_blob": "SELECT 1 FROM registry_blob",
    "governance_user": "SELECT 1 FROM governance_user WHERE last_login IS NOT NULL "
    "OR username NOT IN ('admin', 'system')",
}


def restore(path: Path, handed: MasterKeys | None, say: Say) -> Backup:
    """Everything in `path` into this installation. `handed` are its master keys, if they are not here yet."""
    backup = Backup(path)
    try:
        held = keys_of(backup, handed)
        refuse_newer(backup)
        refuse_not_empty(backup)
        verify(backup, say)
        if handed:
            keys.replace_all(handed)
        put_blobs(backup, say)
        load(backup, held, "default", say)
    finally:
        backup.close()
    return backup


def keys_of(backup: Backup, handed: MasterKeys | None) -> MasterKeys:
    """The keys that open this backup and made its seal."""
    try:
        held = handed or keys.load()
    except Unavailable:
        raise Invalid(
            "The master keys of this backup are not here. Put the key file back, or give --keys and "
            "--passphrase-file."
        ) from None
    wanted = {backup.head["key_version"], backup.seal["key_version"], *backup.head["blob_key_versions"]}
    if lacking := sorted(wanted - held.versions.keys()):
        raise Invalid(f"This backup needs version {lacking[0]} of the master key, which is not here.")
    backup.vouch(held.versions[backup.seal["key_version"]])
    return held


def applied(backup: Backup) -> list[tuple[str, str]]:
    return [(app, name) for app, name in backup.head["migrations"]]


def refuse_newer(backup: Backup) -> None:
    tables.last_of(MigrationExecutor(connections["default"]), applied(backup))


def refuse_not_empty(backup: Backup) -> None:
    """A restore replaces everything, so there must be nothing; what an earlier try has written is its own."""
    with connections["default"].cursor() as cursor:
        there = connections["default"].introspection.table_names(cursor)
        for table, sign in SIGNS.items():
            if table in there:
                cursor.execute(f"{sign} LIMIT 1")
                if cursor.fetchone():
                    raise Conflict("This installation is not empty. Restore into one that was never used.")
    storage.make_place()
    own = backup.blobs()
    if any(name not in own for name, _ in storage.names()):
        raise Conflict("The blob store of this installation holds other files. Give it an empty one.")


def verify(backup: Backup, say: Say) -> None:
    """Every byte against the manifest, before anything is changed."""
    members = list(backup.members.values())
    progress = Progress("Verifying", sum(member.size for member in members), say)
    together(lambda member: backup.check(member, progress), members, READERS)


def together(work: Any, things: Iterable[Any], threads: int) -> None:
    """Do it for each, several at once; the first that fails ends it."""
    with ThreadPoolExecutor(threads) as pool:
        try:
            for _ in pool.map(work, things):
                pass
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


# ------------------------------------------------------------------ blobs


def put_blobs(backup: Backup, say: Say) -> None:
    blobs = backup.blobs()
    progress = Progress("Files", sum(member.size for member in blobs.values()), say)
    together(lambda item: put_blob(backup, item[0], item[1], progress), blobs.items(), WRITERS)


def put_blob(backup: Backup, name: str, member: Member, progress: Progress) -> None:
    """Write one blob as it was; one that has its name is whole already."""
    if storage.exists(name):
        progress(member.size)
        return
    storage.delete(name)  # what a killed restore left of it
    sink = storage.write_sealed(name, member.size)
    buffer, source = memoryview(bytearray(PIECE)), backup.section(member.name)
    try:
        while count := source.readinto(buffer):
            sink.write(buffer[:count])
            progress(count)
        sink.finish()
    except BaseException:
        sink.abort()
        raise


# ------------------------------------------------------------------ tables


def load(backup: Backup, held: MasterKeys, using: str, say: Say) -> None:
    """The tables of the release that made the backup, their rows, then forward to this release: at once."""
    say("Tables: as they were, then forward to this release")
    with transaction.atomic(using), connections[using].cursor() as cursor:
        tables.make_like(applied(backup), using)
        loaded = [tables.Table(name, about["columns"]) for name, about in backup.head["tables"].items()]
        data_key = key_of_tables(backup, held)
        with tables.loading(cursor, loaded):
            for table in loaded:
                load_table(backup, cursor, table, data_key)
        tables.set_sequences(cursor, backup.head["sequences"])
        tables.migrate(using)
        if using == "default":
            following.begin_again()
            note(backup)


def load_table(backup: Backup, cursor: Any, table: tables.Table, data_key: bytes) -> None:
    section = backup.section(f"database/{table.name}")
    with SealedFile(section, data_key, bound(backup.head["id"], table.name), table.name) as source:
        rows = tables.copy_in(cursor, table, cast(BinaryIO, source))
    if rows != backup.head["tables"][table.name]["rows"]:
        raise Damaged(f"{table.name} has {rows} rows, not as many as were written.")


def key_of_tables(backup: Backup, held: MasterKeys) -> bytes:
    wrapped = base64.b64decode(backup.head["wrapped_key"])
    return keys.unwrap_with(held, backup.head["key_version"], wrapped, backup.head["id"])


def note(backup: Backup) -> None:
    """The trail goes on where it was, and says so."""
    after = {"file": backup.path.name, "made_at": backup.head["made_at"]}
    audit.record("backup.restore", "site/backups", by=User.system(), after=after)
