"""Keeping what is stored: backups are on the record, and so is that somebody has a copy of the master key."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from governance import access, audit
from governance.audit import action
from governance.models import Event, User
from registry import keys
from registry.keeping import making
from registry.keeping.making import Made
from registry.keeping.progress import Say, silent

BACKUPS = "site/backups"
SYSTEM = "site/system"


@dataclass(frozen=True)
class MasterKeyFile:
    """What the copy is of. It belongs to the site, not to a team."""

    label: str = "site/master-keys"


def back_up(target: Path, *, say: Say = silent) -> Made:
    """Write a backup and put it on the record, when it is there. For who may run commands, and the clock."""
    made = making.make(target, say)
    after = {"file": target.name, "size": made.size, "blobs": made.blobs, "missing": len(made.missing)}
    audit.record("backup.make", BACKUPS, by=User.system(), after=after)
    return made


@action("key.copied")
def confirm_copy(file: MasterKeyFile, *, by: User) -> None:
    """Somebody says that a copy of the master key, as it is today, lies elsewhere."""
    access.check(by, "key.copied", file)
    audit.record("key.copied", file, by=by, after={"version": keys.load().current})


def copied() -> bool:
    """Whether somebody has said so of the version that wraps today."""
    said = Event.objects.filter(subject=MasterKeyFile.label, action="key.copied", outcome="done").first()
    return said is not None and bool(dict(said.after or {})["version"] >= keys.load().current)


def place() -> str:
    """Where the master key is, for the administrator alone."""
    return str(settings.MASTER_KEYS_FILE)
