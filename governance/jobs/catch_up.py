"""Tell followers what they have missed: events whose message was lost, and those that are tried again."""

from __future__ import annotations

from governance import following
from governance.schedule import every


@every(seconds=30)
def catch_up() -> None:
    """It fails while a follower does, so that whoever looks after the site learns of it."""
    following.catch_up()
    following.check()
