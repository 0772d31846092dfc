"""Archives one behind the other in one file, as distributed checkpoints of PyTorch keep tensors.

Source: torch/distributed/checkpoint/filesystem.py, `_write_item`: each is what `torch.save` writes, and is
found by where it begins. Elsewhere bytes before an archive are what another reader may see instead of it.
"""

from __future__ import annotations

import os
from typing import Any

from registry.parsers import Malformed, zips
from registry.parsers.windows import MOST_LISTED, Window

ENDING = ".distcp"


def pieces(file: Any, name: str) -> list[tuple[int, int]]:
    """Where each begins and how long it is; the whole when it is no row, or no row to its beginning."""
    size = file.seek(0, os.SEEK_END)
    if not name.endswith(ENDING):
        return [(0, size)]
    found: list[tuple[int, int]] = []
    end = size
    try:
        while end and len(found) < MOST_LISTED:
            last = zips.found_directory(Window(file, 0, end))
            if last.after:
                break
            found.append((last.before, end - last.before))
            end = last.before
    except Malformed:
        pass
    return found[::-1] if found and end == 0 else [(0, size)]
