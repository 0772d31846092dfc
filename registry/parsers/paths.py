"""Paths that a file names: whether they stay in its own folder, on any system that may read it."""

from __future__ import annotations

import re
from urllib.parse import unquote

ELSEWHERE = re.compile(r"^(?:[/\\~]|[A-Za-z]:|[A-Za-z][A-Za-z0-9+.-]*://|file:)|[\x00-\x1f]|\$\{?\w|%\w+%")


def leaves(path: str) -> bool:
    """Absolute, with a drive, an address, a variable, or upwards; escapes are undone first."""
    plain = unquote(path)
    return bool(ELSEWHERE.search(plain.strip())) or climbs(plain)


def unpacks_elsewhere(name: str) -> bool:
    """The name of a member of an archive: here a dollar or a percent sign is only a letter."""
    return bool(re.match(r"[/\\]|[A-Za-z]:[/\\]|.*\x00", name)) or climbs(name)


def climbs(path: str) -> bool:
    return any(part.strip() in {"..", "..."} for part in re.split(r"[/\\]", path))
