"""What checks measured and quote, under the key of the file that it was measured in: sealed before it is
stored, opened for who may see the version."""

from __future__ import annotations

import io
import json
import zlib
from hashlib import sha256
from threading import Lock
from typing import Any

from django.db.models import QuerySet

from governance.once import once
from governance.prepared import prepared
from registry import keys
from registry.checks import CHECKS
from registry.crypto import SealedFile, Sealer
from registry.models import Blob, File, Kind, Profile, Version
from registry.sandbox import Report

MOST_TABLES = 50
MOST_KEPT = 16
LARGEST_KEPT = 64 * 1024  # sealed: ten times as much or more when it is open
lately: dict[tuple[str, bytes], dict[str, Any]] = {}
lately_lock = Lock()
ODD = {"not_evaluated": "What was measured has not the form of a profile: tell who runs this server."}


def kept(file: File, report: Report) -> dict[str, Any] | None:
    """The fact of a report as a result keeps it: what is sealed is stored by itself and nothing is left."""
    if not CHECKS[report.check].sealed:
        return report.fact
    if report.fact is None:
        Profile.objects.filter(file=file).delete()
    else:
        sealed = seal(file.blob, report.fact if is_sound(report.fact) else ODD)
        Profile.objects.update_or_create(file=file, defaults={"sealed": sealed})
    return None


def is_sound(fact: dict[str, Any]) -> bool:
    """Whether it has the parts that judging and pages count on: it comes from a child that saw the bytes."""
    if "not_evaluated" in fact:
        return isinstance(fact["not_evaluated"], str)
    columns, clauses, sample = fact.get("columns"), fact.get("clauses", {}), fact.get("sample")
    return (
        all(is_count(fact.get(name)) for name in ("rows", "width"))
        and (fact.get("duplicates") is None or is_count(fact["duplicates"]))
        and "duplicates" in fact
        and isinstance(sample, dict)
        and is_count(sample.get("rows"))
        and isinstance(sample.get("whole"), bool)
        and isinstance(columns, list)
        and all(map(is_column, columns))
        and isinstance(clauses, dict)
        and all(map(is_count, clauses.values()))
    )


def is_column(column: Any) -> bool:
    if not isinstance(column, dict):
        return False
    return all(isinstance(column.get(name), str) for name in ("name", "type")) and is_count(
        column.get("missing")
    )


def is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def seal(blob: Blob, data: Any, what: str = "profile") -> bytes:
    """`what` it is, such as a profile: nothing else is opened as that."""
    plain = zlib.compress(json.dumps(data, ensure_ascii=False).encode())
    sink = io.BytesIO()
    sealer = Sealer(sink, key(blob), purpose(blob, what))
    sealer.write(plain)
    sealer.close()
    return sink.getvalue()


def unseal(blob: Blob, sealed: bytes | memoryview, what: str = "profile") -> dict[str, Any]:
    """`Damaged` when it is not what was sealed, or belongs to another file."""
    with SealedFile(io.BytesIO(bytes(sealed)), key(blob), purpose(blob, what), f"{what} {blob.name}") as file:
        data: dict[str, Any] = json.loads(zlib.decompress(file.read()))
    return data


def opened(blob: Blob, sealed: bytes | memoryview) -> dict[str, Any]:
    """The same, of which the last few are kept open in memory: nobody changes what comes back. Who asks has
    read the row, so may see it, and what was purged is asked for by nobody."""
    if len(sealed) > LARGEST_KEPT:
        return unseal(blob, sealed)
    mark = blob.name, sha256(sealed).digest()
    with lately_lock:
        found = lately.pop(mark, None)
    data = unseal(blob, sealed) if found is None else found
    with lately_lock:
        lately[mark] = data
        while len(lately) > MOST_KEPT:
            del lately[next(iter(lately))]
    return data


def key(blob: Blob) -> bytes:
    return keys.unwrap(blob.key_version, blob.wrapped_key, blob.name)


def purpose(blob: Blob, what: str) -> bytes:
    """What the bytes are bound to: a profile is no blob, and none of another file."""
    return f"{what} of {blob.name}".encode()


@once
def profiles(version: Version, most: int = 50) -> dict[str, dict[str, Any]]:
    """The profiles of a version by the paths of its files, of the first so many."""
    rows = first_of(most, version=version.pk)
    return {row.file.path: opened(row.file.blob, row.sealed) for row in rows}


@prepared
def first_of(most: int, *, version: Any) -> QuerySet[Profile]:
    rows = Profile.objects.filter(file__version=version).select_related("file__blob")
    return rows.order_by("file__path")[:most]


def known(version: Version) -> dict[str, dict[str, Any]]:
    """Those of the first tables that could be measured, by their paths."""
    found = profiles(version, MOST_TABLES)
    return {path: profile for path, profile in found.items() if "not_evaluated" not in profile}


def dataset_of(label: str, digest: str) -> Version | None:
    """The version of this label, unless the label leads to something else by now."""
    parts = label.split("/")
    if len(parts) != 5 or not parts[4].isdecimal():
        return None
    called = {"artifact__team__slug": parts[1], "artifact__name": parts[2], "number": parts[4]}
    found = Version.objects.filter(**called, digest=digest, artifact__kind=Kind.DATASET)
    return found.select_related("artifact__team").first()
