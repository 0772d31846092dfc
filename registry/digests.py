"""The digest of a version: what it is frozen under."""

from __future__ import annotations

import hashlib
import json

from registry.models import Version


def digest_of(version: Version) -> str:
    """SHA-256 over the JSON list of [path, size, sha256], sorted by path, without blanks, as UTF-8."""
    rows = version.files.values_list("path", "blob__size", "blob__sha256")
    listed = json.dumps(sorted(map(list, rows)), separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(listed.encode()).hexdigest()
