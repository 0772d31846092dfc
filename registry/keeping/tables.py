"""Every table as it was at one moment, and back: PostgreSQL's own COPY, within one snapshot.

Why not `pg_dump`: docs/decisions/0007-backups.md.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol

from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from governance.errors import Conflict, Invalid

# Who is signed in stays out of a backup. What was migrated stands in its manifest.
LEFT_OUT = {"django_session", "django_migrations"}
# What another server counts anew.
COLUMNS_LEFT_OUT = {("governance_event", "xact")}
FAST = 1  # gzip's level: a backup should be limited by the disk
HOLD = 0x57E3A2E
"""While somebody holds this advisory lock no blob is swept."""


class Writable(Protocol):
    def write(self, data: memoryview, /) -> int | None: ...


@dataclass(frozen=True)
class Table:
    name: str
    columns: list[str]

    @property
    def sql(self) -> str:
        return f"{quoted(self.name)} ({', '.join(map(quoted, self.columns))})"


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


# ------------------------------------------------------------------ out


@contextmanager
def snapshot(using: str = "default") -> Iterator[Any]:
    """A cursor of a connection of its own that sees one moment, and whose blobs nobody sweeps meanwhile."""
    own = connections[using].copy()
    try:
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock_shared(%s)", [HOLD])
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield cursor
    finally:
        own.close()


@contextmanager
def sweeping() -> Iterator[bool]:
    """Whether blobs may be swept now. A backup that begins meanwhile waits until this is left."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [HOLD])
        mine = bool(cursor.fetchone()[0])
        try:
            yield mine
        finally:
            if mine:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [HOLD])


def tables(cursor: Any) -> list[Table]:
    """Every table but LEFT_OUT, with the columns that are not worked out from others."""
    cursor.execute(
        "SELECT table_name, array_agg(column_name::text ORDER BY ordinal_position) "
        "FROM information_schema.tables JOIN information_schema.columns USING (table_schema, table_name) "
        "WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' AND is_generated = 'NEVER' "
        "GROUP BY table_name ORDER BY table_name"
    )
    found = [(name, columns) for name, columns in cursor.fetchall() if name not in LEFT_OUT]
    return [Table(name, kept_of(name, columns)) for name, columns in found]


def kept_of(table: str, columns: list[str]) -> list[str]:
    return [column for column in columns if (table, column) not in COLUMNS_LEFT_OUT]


def copy_out(cursor: Any, table: Table, sink: BinaryIO) -> int:
    """Write a table's rows, compressed; returns how many there are."""
    with gzip.GzipFile(fileobj=sink, mode="wb", compresslevel=FAST, mtime=0) as packed:
        cursor.copy_expert(f"COPY {table.sql} TO STDOUT", packed)
    return int(cursor.rowcount)


def sequences(cursor: Any) -> dict[str, int]:
    """What each sequence gave last: a number that was used is not used again after a restore."""
    cursor.execute(
        "SELECT sequencename, last_value FROM pg_sequences "
        "WHERE schemaname = current_schema() AND last_value IS NOT NULL"
    )
    return dict(cursor.fetchall())


def migrations(cursor: Any) -> list[tuple[str, str]]:
    cursor.execute("SELECT app, name FROM django_migrations ORDER BY id")
    return [(app, name) for app, name in cursor.fetchall()]


# ------------------------------------------------------------------ in


def make_like(applied: list[tuple[str, str]], using: str) -> None:
    """Give the database the tables of the release that a backup is of. What was there is gone.

    Tables that the same migrations made stay: they are emptied when rows are loaded, and building them again
    takes longer than loading a small backup."""
    recorder = MigrationRecorder(connections[using])
    with connections[using].cursor() as cursor:
        if recorder.has_table() and set(recorder.applied_migrations()) == set(applied):
            cursor.execute("DELETE FROM django_session")
            return
        wipe(cursor)
    executor = MigrationExecutor(connections[using])
    executor.migrate(last_of(executor, applied))
    made = set(recorder.applied_migrations())
    if made != set(applied):
        raise Conflict("The migrations of this release do not lead to the tables of this backup.")


def last_of(executor: MigrationExecutor, applied: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Those after which no other one of the same app was applied; `Invalid` when one is unknown here."""
    graph, known = executor.loader.graph, set(applied)
    if unknown := sorted(known - set(graph.nodes)):
        raise Invalid(
            f"This backup was made by a newer release: this one does not know {'.'.join(unknown[0])}. "
            "Restore it with that release."
        )
    return [
        key
        for key in applied
        if not any(child.key in known and child.key[0] == key[0] for child in graph.node_map[key].children)
    ]


def wipe(cursor: Any) -> None:
    """Drop every table, and the functions that their triggers call."""
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
    for (name,) in cursor.fetchall():
        cursor.execute(f"DROP TABLE {quoted(name)} CASCADE")
    cursor.execute(
        "SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = current_schema()::regnamespace "
        "AND pg_get_userbyid(proowner) = current_user "
        "AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')"
    )
    for (signature,) in cursor.fetchall():
        cursor.execute(f"DROP ROUTINE {signature} CASCADE")


@contextmanager
def loading(cursor: Any, loaded: list[Table]) -> Iterator[None]:
    """Empty the tables; inside, their triggers are silent; at the end every constraint has been asked."""
    names = ", ".join(quoted(table.name) for table in loaded)
    alter(cursor, loaded, "DISABLE")
    cursor.execute(f"TRUNCATE {names} RESTART IDENTITY")
    yield
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    alter(cursor, loaded, "ENABLE")
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def alter(cursor: Any, altered: list[Table], word: str) -> None:
    for table in altered:
        cursor.execute(f"ALTER TABLE {quoted(table.name)} {word} TRIGGER USER")


def copy_in(cursor: Any, table: Table, source: BinaryIO) -> int:
    """Read a table's rows; returns how many there were."""
    with gzip.GzipFile(fileobj=source, mode="rb") as plain:
        cursor.copy_expert(f"COPY {table.sql} FROM STDIN", plain)
    return int(cursor.rowcount)


def set_sequences(cursor: Any, values: dict[str, int]) -> None:
    for name, value in values.items():
        cursor.execute("SELECT setval(%s::regclass, %s)", [quoted(name), value])


def migrate(using: str) -> None:
    """Forward to the tables of this release."""
    call_command("migrate", database=using, interactive=False, verbosity=0)
