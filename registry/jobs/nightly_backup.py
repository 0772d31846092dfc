"""Every night, a backup into the folder STEWARD_BACKUPS; seven days and four weeks of them are kept."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

from django.conf import settings

from governance.errors import Unavailable
from governance.schedule import at
from governance.templatetags.words import counted, size
from registry.actions import keeping

NAME = re.compile(r"steward-(\d{4}-\d{2}-\d{2})\.backup")
DAYS = 7
WEEKS = 4


@at(hour=1, minute=30)
def nightly_backup() -> str | None:
    if not settings.BACKUPS:
        return None
    folder = Path(settings.BACKUPS)
    if not folder.is_dir():
        raise Unavailable("The folder for backups is missing. The next turn tries again.")
    target = folder / f"steward-{datetime.now(UTC):%Y-%m-%d}.backup"
    if target.exists():
        return None
    go_on(folder, target)
    made = keeping.back_up(target)
    dropped = drop_old(folder)
    if made.missing:
        lost = counted(len(made.missing), "file")
        raise Unavailable(f"The store has lost {lost}, which the backup lacks too. Run fsck.")
    return f"Backed up {counted(made.blobs, 'file')}, {size(made.size)}; dropped {dropped} old ones."


def go_on(folder: Path, target: Path) -> None:
    """What an earlier night did not finish is gone on with under today's name."""
    for suffix in (".part", ".part.members"):
        for left in sorted(folder.glob(f"steward-*.backup{suffix}")):
            if NAME.fullmatch(left.name.removesuffix(suffix)):
                left.rename(target.with_name(target.name + suffix))


def backups(folder: Path) -> dict[date, Path]:
    """The finished ones by their day, newest first."""
    found = {NAME.fullmatch(path.name): path for path in folder.iterdir()}
    dated = {date.fromisoformat(match[1]): path for match, path in found.items() if match}
    return dict(sorted(dated.items(), reverse=True))


def drop_old(folder: Path) -> int:
    """Keep the newest seven, and the newest of each of the last four weeks that have one."""
    found = backups(folder)
    newest_of_week: dict[tuple[int, int], date] = {}
    for day in found:
        newest_of_week.setdefault(day.isocalendar()[:2], day)
    kept = {*list(found)[:DAYS], *list(newest_of_week.values())[:WEEKS]}
    dropped = [path for day, path in found.items() if day not in kept]
    for path in dropped:
        path.unlink()
    return len(dropped)
