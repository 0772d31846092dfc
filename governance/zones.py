"""Time zones: the times of pages are shown in that of who looks."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

NAMES = frozenset(available_timezones())
# Aliases of before, and zones that no place has.
NO_PLACE = ("Etc/", "US/", "Canada/", "Brazil/", "Mexico/", "Chile/", "SystemV/", "posix/", "right/")
PLACES = sorted(name for name in NAMES if "/" in name and not name.startswith(NO_PLACE))
CHOICES = [("", "UTC"), *((name, name.replace("_", " ")) for name in PLACES)]


def zone(name: str) -> ZoneInfo:
    """A zone by its name; UTC for none, and for one that has gone from the tables."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
