"""What a version's page and the API say of signatures."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from governance.errors import Absent
from registry.models import Signature, Version
from registry.parsers.bundles import named_so
from registry.signing.standing import NONE, standing


def signature_of(version: Version) -> Signature:
    """The newest that this server made; `Absent` when there is none."""
    made = version.signatures.first()
    if made is None:
        raise Absent(f"This server has not signed version {version.number}: it does when one is promoted.")
    return made


def signed(version: Version, paths: Iterable[str] | None = None) -> dict[str, Any]:
    """`signature`: what its own files say; `released`: what this server made. Who knows all `paths` of its
    files says so, and nothing is asked when none is a signature."""
    if version.is_draft:
        return {"signature": None, "released": None}
    none = paths is not None and not any(map(named_so, paths))
    made = version.signatures.first() if version.released else None
    return {"signature": NONE if none else standing(version), "released": made}


def as_values(version: Version) -> dict[str, Any] | None:
    """The same for programs."""
    said = signed(version)
    found, made = said["signature"], said["released"]
    if found is None:
        return None
    return {
        "state": found.state,
        "says": found.said,
        "keys": [
            {"name": key.name, "whose": key.whose, "fingerprint": key.fingerprint} for key in found.keys
        ],
        "released": {"fingerprint": made.fingerprint, "made_at": made.made_at} if made else None,
    }
