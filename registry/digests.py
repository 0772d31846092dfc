"""The digest of a version: what it is frozen under."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.db.models import QuerySet

from governance.prepared import prepared
from registry.models import File, Version


def digest_of(version: Version) -> str:
    """SHA-256 over the JSON list of [path, size, sha256], sorted by path, without blanks, as UTF-8."""
    rows = contents(version=version.pk)
    listed = json.dumps(sorted(map(list, rows)), separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(listed.encode()).hexdigest()


@prepared
def contents(*, version: Any) -> QuerySet[File, tuple[str, int, str]]:
    return File.objects.filter(version=version).values_list("path", "blob__size", "blob__sha256")
