"""Looking at hostile bytes: one child process per file, behind walls, with limits on all it may use.

    worker ──one byte, two descriptors──► parent ──fork──► child: walls, then bytes
       └──────────── job, descriptor of the sealed file, reports ──────────┘

`running.py` is the worker's side, `parent.py` the warm process of its own, `child.py` what a child
does, `walls.py` what stands around it. None of them knows Django.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, BinaryIO, Literal

from registry.sandbox import walls
from registry.sandbox.reports import Report
from registry.sandbox.running import Sandbox

__all__ = ["Report", "ask_for", "describe", "level", "run", "too_open"]

Level = Literal["full", "minimum", "none"]
SANDBOX = Sandbox()


def run(
    sealed: BinaryIO,
    data_key: bytes,
    blob_name: str,
    path: str,
    checks: Sequence[str],
    declared: dict[str, Any] | None = None,
) -> Iterator[Report]:
    """Exactly one report for each check named, as it becomes known. `sealed` is an open file on disk;
    `declared` is what people say about its columns."""
    return SANDBOX.run(sealed, data_key, blob_name, path, checks, declared)


@cache
def standing() -> tuple[str, ...]:
    """Which walls this machine can put up; asked once, of a parent that does not stay."""
    probe = Sandbox()
    try:
        return tuple(probe.walls())
    finally:
        probe.stop()


def level() -> Level:
    """`full` (all that this user can put up), `minimum`, or `none`: then no check runs and nothing is
    released."""
    found = set(standing())
    if found.issuperset(walls.whole()):
        return "full"
    return "minimum" if found.issuperset(walls.MINIMUM) else "none"


def ask_for(least: str) -> None:
    """From now on nothing is run below this level."""
    SANDBOX.least = least


def too_open() -> list[str]:
    """The walls that are asked for and cannot be put up here; then nothing is released."""
    return [wall for wall in walls.ALL if wall in walls.least(SANDBOX.least) and wall not in standing()]


def describe() -> dict[str, Any]:
    """The level, the least that is asked for, and each wall, for pages and `/readyz`."""
    return {
        "level": level(),
        "least": SANDBOX.least,
        "walls": {wall: wall in standing() for wall in walls.ALL},
    }
