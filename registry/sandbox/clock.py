"""How long a child may look at one file: seconds of a core, by its size, whatever the file is.

Each check has bounds of its own; this one holds where they leak. Expressions are searched in Python's own
engine, which lets a signal through, so the end comes in the middle of one too. What was not seen by then is a
finding, never a pass.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from time import process_time

from registry.checks import MIB, Issue

SECONDS = 4.0
# More for each MiB beyond the first 8, or of what is packed, since more comes out of it, beyond the first.
PLAIN, PACKED = (8, 0.5), (1, 2.0)
AGAIN = 0.2  # for each check that has its turn after the time is over
SAID = "It takes longer to look at than a file of its size may, so that it was not looked at to its end"


class Over(BaseException):
    """The time is over. No `Exception`: nothing that cures errors of a file is to catch it."""


_looking = False
_until = 0.0


def allowed(size: int, packed: bool) -> float:
    """Seconds for a file of so many bytes."""
    free, each = PACKED if packed else PLAIN
    return SECONDS + each * max(0, size / MIB - free)


def start(size: int, packed: bool = False) -> None:
    """From now on. The timer's own count is rougher than the process's: where it is ahead, it comes again."""
    global _until
    seconds = allowed(size, packed)
    _until = process_time() + seconds
    signal.signal(signal.SIGPROF, _ring)
    signal.setitimer(signal.ITIMER_PROF, seconds, AGAIN)


def stop() -> None:
    signal.setitimer(signal.ITIMER_PROF, 0)


@contextmanager
def looking() -> Iterator[None]:
    """Here, and nowhere else, `Over` may be raised."""
    global _looking
    _looking = True
    try:
        yield
    finally:
        _looking = False


def _ring(*_: object) -> None:
    if _looking and process_time() >= _until:
        raise Over


def costly() -> Issue:
    return Issue("high", f"{SAID}: part it, or save it in a simpler form.", "costly")
