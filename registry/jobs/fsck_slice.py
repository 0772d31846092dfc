"""Every night, a thirtieth of what is stored is read from end to end and compared with its digests."""

from __future__ import annotations

from datetime import UTC, datetime

from governance.schedule import at
from registry.keeping import inspecting
from registry.keeping.inspecting import Slice
from registry.keeping.progress import silent

SLICES = 30


@at(hour=2, minute=10)
def fsck_slice() -> str | None:
    number = datetime.now(UTC).toordinal() % SLICES + 1
    return inspecting.inspect(Slice(number, SLICES), False, silent).sentence
