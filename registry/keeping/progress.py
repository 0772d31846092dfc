"""How far it is: one line every few seconds, for somebody who waits."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from governance.templatetags.words import size

Say = Callable[[str], None]
EVERY = 5.0


def silent(sentence: str) -> None:
    """For jobs: nobody waits."""


class Progress:
    """Counts bytes, from several threads, and says how many of how many are done."""

    def __init__(self, what: str, total: int, say: Say) -> None:
        self._what, self._total, self._say = what, total, say
        self._done = 0
        self._said = time.monotonic()
        self._lock = threading.Lock()

    def __call__(self, count: int) -> None:
        with self._lock:
            self._done += count
            if time.monotonic() - self._said < EVERY:
                return
            self._said = time.monotonic()
        share = 100 * self._done // max(1, self._total)
        self._say(f"{self._what}: {size(self._done)} of {size(self._total)}, {share} %")
