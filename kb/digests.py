"""Digests of what was written: SHA-256 over JSON with sorted names and without blanks."""

from __future__ import annotations

import hashlib
import json


def digest_of(title: str, text: str) -> str:
    """Of one version of an article: what a verification and an acknowledgement are bound to."""
    said = json.dumps(
        {"text": text, "title": title}, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return hashlib.sha256(said.encode()).hexdigest()
