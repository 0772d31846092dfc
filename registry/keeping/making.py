"""Making a backup while everything runs.

Blobs first, without a snapshot: they do not change, and copying them takes long. Then one snapshot of every
table, the few blobs that came meanwhile, and the seal. So a backup is as of its end, and one that was cut
off goes on with a new snapshot over the blobs that it has.
"""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.db import connection

from governance.errors import Conflict, Full
from governance.templatetags import words
from registry import keys, storage
from registry.crypto import KEY, Damaged, Sealer, sealed_size
from registry.keeping import tables
from registry.keeping.container import PIECE, Draft
from registry.keeping.progress import Progress, Say, silent
from registry.models import Blob

# The database may lie on the same disk and stops when it cannot write.
RESERVE = 1 << 30
NO_ROOM = "There is no space left for this backup. Nothing of it has been kept."


@dataclass(frozen=True)
class Made:
    """What became of a backup. `missing` are blobs that a row names and the store does not have."""

    path: Path
    size: int
    blobs: int
    missing: list[str]


def make(target: Path, say: Say) -> Made:
    """Write everything into `target`; it is there whole, or it is not there."""
    if target.exists():
        raise Conflict(f"{target} exists already: choose another name, or move it away.")
    draft = Draft(target)
    try:
        return fill(draft, say)
    except Full:
        draft.discard()
        raise
    finally:
        draft.close()


def fill(draft: Draft, say: Say) -> Made:
    present = Blob.objects.order_by("pk").values_list("name", "size")
    copy_blobs(draft, present.iterator(), Progress("Files", whole_size(), say))
    with tables.snapshot() as cursor:
        head = {**about(), **copy_tables(draft, cursor, say)}
        cursor.execute("SELECT name, size FROM registry_blob ORDER BY id")
        wanted = cursor.fetchall()
        missing = copy_blobs(draft, wanted, Progress("Files", 0, silent))
    head["missing"] = sorted(missing)
    names = [f"database/{name}" for name in head["tables"]]
    names += [f"blobs/{name}" for name, _ in wanted if name not in missing]
    size = draft.finish(head, names, head["key_version"], keys.load().versions[head["key_version"]])
    return Made(draft.target, size, len(wanted) - len(missing), sorted(missing))


# ------------------------------------------------------------------ blobs


def copy_blobs(draft: Draft, wanted: Iterable[tuple[str, int]], progress: Progress) -> set[str]:
    """Copy those that the draft lacks, sealed as they are; returns the names of those that are not there."""
    missing = set()
    with ThreadPoolExecutor(1) as reader:
        for name, size in wanted:
            member = draft.members.get(f"blobs/{name}")
            if member is not None and member.size == sealed_size(size):
                progress(member.size)
                continue
            keep_room(draft, sealed_size(size))
            if not copy_blob(draft, name, reader, progress):
                missing.add(name)
    return missing


def whole_size() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(size), 0) FROM registry_blob")
        return int(cursor.fetchone()[0])


def keep_room(draft: Draft, size: int) -> None:
    disk = os.statvfs(draft.target.parent)
    reserve = min(RESERVE, int(disk.f_blocks * disk.f_frsize * 0.05))
    if disk.f_bavail * disk.f_frsize - reserve < size:
        raise Full(NO_ROOM)


def copy_blob(draft: Draft, name: str, reader: Executor, progress: Progress) -> bool:
    """Whether there was such a blob: a row may go, and its blob after it, while this runs."""
    try:
        source = storage.read_sealed(name)
    except Damaged:
        return False
    with source, draft.member(f"blobs/{name}") as sink:
        for piece in pieces(source, reader):
            sink.write(piece)
            progress(len(piece))
    return True


def pieces(source: BinaryIO, reader: Executor) -> Iterator[bytes]:
    """The next one is read while this one is written."""
    coming = reader.submit(source.read, PIECE)
    while piece := coming.result():
        coming = reader.submit(source.read, PIECE)
        yield piece


# ------------------------------------------------------------------ tables


def about() -> dict[str, Any]:
    return {
        "version": settings.VERSION,
        "made_at": datetime.now(UTC).isoformat(),
        "settings": settings.KEPT_SETTINGS,
    }


def copy_tables(draft: Draft, cursor: Any, say: Say) -> dict[str, Any]:
    """Write every table, sealed with a key of this backup's own that the master key wraps."""
    mark, data_key = secrets.token_hex(16), secrets.token_bytes(KEY)
    version, wrapped = keys.wrap(data_key, mark)
    say("Tables: as they are at this moment")
    written = {}
    for table in tables.tables(cursor):
        rows = copy_table(draft, cursor, table, data_key, mark)
        written[table.name] = {"columns": table.columns, "rows": rows}
    cursor.execute("SELECT DISTINCT key_version FROM registry_blob ORDER BY 1")
    return {
        "id": mark,
        "key_version": version,
        "wrapped_key": base64.b64encode(wrapped).decode(),
        "blob_key_versions": [number for (number,) in cursor.fetchall()],
        "migrations": tables.migrations(cursor),
        "tables": written,
        "sequences": tables.sequences(cursor),
    }


def copy_table(draft: Draft, cursor: Any, table: tables.Table, data_key: bytes, mark: str) -> int:
    with draft.member(f"database/{table.name}") as sink:
        sealer = Sealer(sink, data_key, bound(mark, table.name))
        rows = tables.copy_out(cursor, table, cast(BinaryIO, sealer))
        sealer.close()
    return rows


def bound(mark: str, table: str) -> bytes:
    """What the sealed rows of a table are tied to."""
    return f"{mark}/{table}".encode()


def in_a_sentence(made: Made) -> str:
    held = words.counted(made.blobs, "file")
    said = f"{made.path.name} holds {held} and every table, {words.size(made.size)}."
    if made.missing:
        said += (
            f" {words.counted(len(made.missing), 'file')} could not be found in the store: fsck says which."
        )
    return said
