"""How sizes, times, counts and digests are said. Pure functions; `steward.py` makes filters of them."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

MINUTE, HOUR, DAY = 60, 3600, 86400
UNITS = ("B", "kB", "MB", "GB", "TB", "PB")


def size(count: int) -> str:
    """Bytes in decimal units, as disks and transfers are sold: 318 MB, 2.2 MB, 18 kB."""
    value, unit = float(count), 0
    while round(value, 1 if value < 10 else 0) >= 1000 and unit < len(UNITS) - 1:
        value, unit = value / 1000, unit + 1
    digits = f"{value:.1f}".removesuffix(".0") if unit and value < 9.95 else f"{value:,.0f}"
    return f"{digits} {UNITS[unit]}"


def counted(count: int, one: str, many: str = "") -> str:
    """1 file, 1,204 files."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def span(seconds: float) -> str:
    """How long something took: 0.4 s, 12 s, 3 min 20 s, 2 h 5 min."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < MINUTE:
        return f"{whole} s"
    if whole < HOUR:
        return f"{whole // MINUTE} min {whole % MINUTE} s"
    return f"{whole // HOUR} h {whole % HOUR // MINUTE} min"


def short(digest: str) -> str:
    """The first eight digits in two groups of four: what a person compares by eye."""
    bare = digest.removeprefix("sha256:")
    return f"{bare[:4]} {bare[4:8]}".strip()


def initials(name: str) -> str:
    """Mara Lindqvist is ML, admin is A."""
    words = name.replace(".", " ").replace("-", " ").replace("_", " ").split()
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


def date(when: datetime, now: datetime) -> str:
    """8 Apr, with its year unless that is this one."""
    local = timezone.localtime(when)
    year = "" if local.year == timezone.localtime(now).year else f" {local.year}"
    return f"{local.day} {local:%b}{year}"


def moment(when: datetime) -> str:
    """The whole of it: 14 May 2026, 09:12:40 UTC."""
    local = timezone.localtime(when)
    return f"{local.day} {local:%b %Y, %H:%M:%S} {local.tzname()}"


def ago(when: datetime, now: datetime) -> str:
    """2 hours ago, yesterday, 8 Apr; in 6 days. Within a week relative, beyond it a date."""
    seconds = (now - when).total_seconds()
    span, past = abs(seconds), seconds >= 0
    if span < MINUTE:
        return "just now" if past else "in a moment"
    if span < HOUR:
        return _said(f"{int(span // MINUTE)} min", past)
    if span < DAY:
        return _said(counted(int(span // HOUR), "hour"), past)
    days = abs((timezone.localtime(now).date() - timezone.localtime(when).date()).days)
    if days == 1:
        return "yesterday" if past else "tomorrow"
    return _said(f"{days} days", past) if days < 7 else date(when, now)


def _said(span: str, past: bool) -> str:
    return f"{span} ago" if past else f"in {span}"


def day(when: datetime, now: datetime) -> str:
    """The head of a day in a timeline: Today, Yesterday, Thursday 14 May."""
    local, today = timezone.localtime(when), timezone.localtime(now)
    past = (today.date() - local.date()).days
    if past in (0, 1):
        return ("Today", "Yesterday")[past]
    year = "" if local.year == today.year else f" {local.year}"
    return f"{local:%A} {local.day} {local:%B}{year}"
