"""How the whole server stands: parts, walls, keys, and when it was last backed up and looked at."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from governance import health
from governance.errors import Unavailable
from governance.models import Event
from governance.templatetags.words import counted, size
from registry import sandbox
from registry.actions import keeping
from registry.models import Inspection
from registry.signing import installation
from registry.signing.making import hint_of


@dataclass(frozen=True)
class Kept:
    """The last time something was done for keeping, in a sentence."""

    at: datetime
    said: str
    good: bool


def parts() -> list[dict[str, Any]]:
    """Each part of /readyz: its name, whether it is there, whether the portal needs it, and what it says."""
    return [
        {"name": name, "ok": found.ok, "needed": health.PARTS[name].needed, "says": found.says}
        for name, found in health.look_at_all().items()
    ]


def last_backup() -> Kept | None:
    event = last("backup.make")
    if event is None:
        return None
    held: dict[str, Any] = event.after or {}
    said = f"{held['file']} with {counted(held['blobs'], 'file')}, {size(held['size'])}"
    missing = f", without {held['missing']} that the store had lost" if held["missing"] else ""
    return Kept(event.at, f"{said}{missing}.", not held["missing"])


def last_trial() -> Kept | None:
    event = last("backup.try")
    return Kept(event.at, str((event.after or {})["found"]), True) if event else None


def last(action: str) -> Event | None:
    return Event.objects.filter(subject=keeping.BACKUPS, action=action, outcome="done").first()


def last_look() -> Kept | None:
    """The newest inspection that came to its end."""
    found = Inspection.objects.whole().first()
    if found is None or found.finished_at is None:
        return None
    return Kept(found.finished_at, found.sentence, not found.troubles)


def signing_key() -> str:
    """The digest of its public half; empty while it cannot be used."""
    try:
        return hint_of(installation.public_pem())
    except Unavailable:
        return ""


def everything() -> dict[str, Any]:
    """What page and API show alike."""
    walls = sandbox.describe()
    return {
        "version": settings.VERSION,
        "parts": parts(),
        "sandbox": {
            "level": walls["level"],
            "walls": [{"name": name, "stands": stands} for name, stands in walls["walls"].items()],
        },
        "key_copied": keeping.copied(),
        "signing_key": signing_key(),
        "last_backup": as_values(last_backup()),
        "last_trial": as_values(last_trial()),
        "last_look": as_values(last_look()),
    }


def as_values(kept: Kept | None) -> dict[str, Any] | None:
    return asdict(kept) if kept else None
