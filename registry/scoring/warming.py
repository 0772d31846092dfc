"""How a warm parent of evaluations begins, before any library is imported: with one thread for each, so that
it may fork, and without what models do not need and what starts threads of its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec

ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
LEFT_OUT = frozenset({"pandas", "matplotlib"})


class Without:
    """As if they were not installed: libraries take them along where they are."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: object = None) -> ModuleSpec | None:
        if name.partition(".")[0] in LEFT_OUT:
            raise ModuleNotFoundError(f"{name} is left out", name=name)
        return None


def begin() -> None:
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
    sys.meta_path.insert(0, Without())
